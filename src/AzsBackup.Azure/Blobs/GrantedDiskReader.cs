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

    /// <summary>
    /// Whether requests go by the signature's own version rather than the stack's. Exports are signed for 2018-03-28 (recorded), and a newer
    /// version for the request itself is as good, with a checksum that costs less; a service that does not take it says so.
    /// </summary>
    private volatile bool _bySignature;

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
                if (renewals > 0) _bySignature = true;
            }
            catch (RequestFailedException exception) when (IsVersionRefusal(exception) && !_bySignature)
            {
                _bySignature = true;
                continue;
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

        // Either signature may be the one that has ended; the caller renews the other, and asks again.
        // The signature's version is an upper bound for reads to be safe; comparing exports came with 2019-07-07, and a service
        // that does not take that with an older signature says so, which costs nothing but the attempt.
        var newest = new PageBlobClient(client.Uri, _gateway.OptionsFor(_gateway.Version));
        try
        {
            return await newest.GetManagedDiskPageRangesDiffAsync(window, null, uri, null, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.Status is 401 or 403)
        {
            await granted._grant.RenewAsync(uri, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static AzsException Refused(Uri uri) => new(
        AzsErrorKind.PermissionDenied,
        "DiskAccessRefused",
        $"{uri.GetLeftPart(UriPartial.Path)}: the blob service refused the read access that the stack had just granted.",
        "Check that nobody else revokes access to the snapshot, and that the stack's clocks agree.",
        uri.GetLeftPart(UriPartial.Path));

    private PageBlobClient ClientOf(Uri uri)
    {
        var bySignature = _bySignature;
        if (_last is { } last && last.Uri == uri && last.BySignature == bySignature) return last.Client;
        var options = bySignature
            ? _gateway.OptionsFor(BlobVersion.ForSignedUri(uri, _gateway.Version), byCrc64: false)
            : _gateway.OptionsFor(_gateway.Version);
        var made = new SignedClient(uri, bySignature, new PageBlobClient(uri, options));
        _last = made;
        return made.Client;
    }

    private static bool IsVersionRefusal(RequestFailedException refused) =>
        refused.Status == 400 && refused.ErrorCode is "InvalidHeaderValue" or "UnsupportedHeader";

    private sealed class SignedClient(Uri uri, bool bySignature, PageBlobClient client)
    {
        public Uri Uri => uri;

        public bool BySignature => bySignature;

        public PageBlobClient Client => client;
    }
}
