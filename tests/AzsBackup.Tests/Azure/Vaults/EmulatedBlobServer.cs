using AzsBackup.Tests.Emulator.Blobs;

namespace AzsBackup.Tests.Azure.Vaults;

/// <summary>The emulated stack's blob service.</summary>
public sealed class EmulatedBlobServer : IBlobServer
{
    private BlobServiceHost _host = null!;

    public Uri Account => new(_host.Root, BlobServiceHost.Account + "/");

    public byte[] Key => _host.Key;

    public DateTimeOffset Now => _host.Clock.GetUtcNow();

    public async ValueTask InitializeAsync() => _host = await BlobServiceHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
