using AzsBackup.Azure.Arm;
using AzsBackup.Azure.Blobs;
using AzsBackup.Azure.Transport;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Azure.Core;

namespace AzsBackup.Azure;

/// <summary>A connected stamp, or public Azure. Disposing of it ends its connections; no request may be under way then.</summary>
public sealed class AzureStackClient : IStack, IDisposable
{
    private readonly StackTransport _transport;
    private readonly ApiVersionCatalog _versions;
    private readonly BlobGateway _blobs;
    private readonly ArmSender _sender;

    internal AzureStackClient(
        AzsStackConnection connection, ResourceClient resources, ApiVersionCatalog versions, BlobGateway blobs, ArmSender sender, StackTransport transport)
    {
        _sender = sender;
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
    public async Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken)
    {
        var path = $"/subscriptions/{Connection.SubscriptionId}";
        var uri = _sender.UriOf(path, HybridProfile.FindPin("Microsoft.Resources/subscriptions")!);
        return (await _sender.SendAsync(RequestMethod.Get, uri, null, cancellationToken).ConfigureAwait(false)).Date;
    }

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
