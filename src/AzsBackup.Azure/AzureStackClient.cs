using AzsBackup.Azure.Arm;
using AzsBackup.Azure.Blobs;
using AzsBackup.Azure.Transport;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Azure;

/// <summary>A connected stamp, or public Azure. Disposing of it ends its connections; no request may be under way then.</summary>
public sealed class AzureStackClient : IStack, IDisposable
{
    private readonly StackTransport _transport;
    private readonly ApiVersionCatalog _versions;
    private readonly BlobGateway _blobs;

    internal AzureStackClient(
        AzsStackConnection connection, ResourceClient resources, ApiVersionCatalog versions, BlobGateway blobs, StackTransport transport)
    {
        Connection = connection;
        Resources = resources;
        _versions = versions;
        _blobs = blobs;
        _transport = transport;
    }

    /// <inheritdoc/>
    public AzsStackConnection Connection { get; }

    /// <inheritdoc/>
    public IResourceClient Resources { get; }

    /// <inheritdoc/>
    public IPageBlobReader OpenGrantedDisk(IReadGrant grant) => new GrantedDiskReader(grant, _blobs);

    /// <inheritdoc/>
    public IBlobAccount OpenBlobAccount(Uri blobEndpoint, string accountName, string accountKey) =>
        new BlobAccount(blobEndpoint, accountName, accountKey, _blobs);

    /// <inheritdoc/>
    public void Dispose()
    {
        _versions.Dispose();
        _transport.Dispose();
    }
}
