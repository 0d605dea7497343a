using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzsBackup.Azure.Blobs;

/// <summary>
/// Reads an exported disk or snapshot through a signed URI, and asks for a new one when the service refuses it: a signature
/// that has expired is answered with 403, also in the middle of a transfer.
/// </summary>
internal sealed class GrantedDiskReader(IReadGrant grant, BlobGateway gateway) : PageBlobReader(gateway)
{
    /// <summary>One for a signature that expired, one for another that expired while the request waited to be sent again.</summary>
    private const int MostRenewals = 2;

    private readonly IReadGrant _grant = grant;
    private readonly BlobGateway _gateway = gateway;
    private volatile SignedClient? _last;

    /// <inheritdoc/>
    protected override string Describe() => _last is { } last ? last.Uri.GetLeftPart(UriPartial.Path) : "The exported disk";

    /// <inheritdoc/>
    protected override async Task<T> WithClientAsync<T>(Func<PageBlobClient, Task<T>> request, CancellationToken cancellationToken)
    {
        var uri = await _grant.GetUriAsync(cancellationToken).ConfigureAwait(false);
        for (var renewals = 0; ; renewals++)
        {
            try
            {
                return await request(ClientOf(uri)).ConfigureAwait(false);
            }
            catch (Exception exception) when (BlobFailure.StatusOf(exception) is 401 or 403)
            {
                if (renewals == MostRenewals) throw Refused(uri);
            }
            catch (Exception exception) when (BlobFailure.IsOne(exception, cancellationToken))
            {
                throw BlobFailure.Explain(exception, uri);
            }

            var renewed = await _grant.RenewAsync(uri, cancellationToken).ConfigureAwait(false);
            if (renewed == uri) throw Refused(uri);
            uri = renewed;
        }
    }

    /// <inheritdoc/>
    protected override async Task<PageRangesInfo> ListChangesAsync(
        PageBlobClient client, IPageBlobReader earlier, HttpRange window, CancellationToken cancellationToken)
    {
        if (earlier is not GrantedDiskReader granted)
            throw new ArgumentException("The earlier snapshot is no exported disk.", nameof(earlier));
        var uri = await granted._grant.GetUriAsync(cancellationToken).ConfigureAwait(false);

        // The signature's version is an upper bound for reads to be safe; comparing exports came with 2019-07-07, and a service
        // that does not take that with an older signature says so, which costs nothing but the attempt.
        var newest = new PageBlobClient(client.Uri, _gateway.OptionsFor(_gateway.Version));
        return await newest.GetManagedDiskPageRangesDiffAsync(window, null, uri, null, cancellationToken).ConfigureAwait(false);
    }

    private static AzsException Refused(Uri uri) => new(
        AzsErrorKind.PermissionDenied,
        "DiskAccessRefused",
        $"{uri.GetLeftPart(UriPartial.Path)}: the blob service refused the read access that the stack had just granted.",
        "Check that nobody else revokes access to the snapshot, and that the stack's clocks agree.",
        uri.GetLeftPart(UriPartial.Path));

    private PageBlobClient ClientOf(Uri uri)
    {
        if (_last is { } last && last.Uri == uri) return last.Client;
        var version = BlobVersion.ForSignedUri(uri, _gateway.Version);
        var made = new SignedClient(uri, new PageBlobClient(uri, _gateway.OptionsFor(version)));
        _last = made;
        return made.Client;
    }

    private sealed class SignedClient(Uri uri, PageBlobClient client)
    {
        public Uri Uri => uri;

        public PageBlobClient Client => client;
    }
}
