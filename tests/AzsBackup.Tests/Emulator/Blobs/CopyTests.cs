using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class CopyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_OfAPageBlob_IsABlobOfItsOwn()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var source = await host.PageBlobAsync(4096);
        await source.UploadPagesAsync(new MemoryStream(Enumerable.Repeat((byte)7, 512).ToArray()), 512, cancellationToken: Cancel);
        var copy = (await host.ContainerAsync()).GetPageBlobClient("copy");
        var operation = await copy.StartCopyFromUriAsync(source.Uri, cancellationToken: Cancel);
        Assert.Equal(4096, (await operation.WaitForCompletionAsync(Cancel)).Value);

        await source.ClearPagesAsync(new HttpRange(0, 4096), cancellationToken: Cancel);
        await copy.UploadPagesAsync(new MemoryStream(new byte[512]), 2048, cancellationToken: Cancel);
        Assert.Equal(7, (await copy.DownloadContentAsync(Cancel)).Value.Content.ToArray()[1023]);
        Assert.Empty((await source.GetPageRangesAsync(cancellationToken: Cancel)).Value.PageRanges);
        await Refused.AsAsync(409, "NoPendingCopyOperation", () => copy.AbortCopyFromUriAsync(operation.Id, cancellationToken: Cancel));
    }

    [Fact]
    public async Task Copy_FromAnotherAccount_WantsItsSas()
    {
        await using var host = await BlobServiceHost.StartAsync();
        host.Service.AddAccount("other", [new byte[64]]);
        host.Service.CreatePageBlob("other", "things", "disk", 512);
        var copy = (await host.ContainerAsync()).GetPageBlobClient("copy");
        var source = new Uri(host.Root, "other/things/disk");
        await Refused.AsAsync(404, "CannotVerifyCopySource", () => copy.StartCopyFromUriAsync(source, cancellationToken: Cancel));

        using var disk = host.Pages.Create(1024);
        var exported = host.Service.Grant(disk, host.Root, TimeSpan.FromHours(1), "r");
        await (await copy.StartCopyFromUriAsync(exported, cancellationToken: Cancel)).WaitForCompletionAsync(Cancel);
        var properties = (await copy.GetPropertiesAsync(cancellationToken: Cancel)).Value;
        Assert.Equal((1024L, CopyStatus.Success), (properties.ContentLength, properties.BlobCopyStatus));
        Assert.DoesNotContain("sig", properties.CopySource.Query, StringComparison.Ordinal);
    }
}
