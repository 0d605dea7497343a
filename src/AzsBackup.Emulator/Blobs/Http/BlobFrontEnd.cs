using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>Turns HTTP into operations and their outcome into HTTP.</summary>
internal sealed class BlobFrontEnd(PageStore pages, ContentStore contents, BlobServiceOptions options, ServiceClock clock)
{
    public Task HandleAsync(HttpContext context, string accountName, StorageAccount? account, bool isPathStyle)
    {
        _ = (pages, contents, options, clock, accountName, account, isPathStyle);
        context.Response.StatusCode = 501;
        return Task.CompletedTask;
    }
}
