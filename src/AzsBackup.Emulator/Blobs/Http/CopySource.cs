using AzsBackup.Emulator.Blobs.Authentication;
using AzsBackup.Emulator.Blobs.Store;
using Microsoft.AspNetCore.Http.Features;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>Finds what x-ms-copy-source names, among the accounts of this service, and checks that the request may read it.</summary>
internal sealed class CopySource(Authenticator authenticator, Func<string, StorageAccount?> accounts)
{
    private const string Name = "x-ms-copy-source";
    private static readonly BlobOperation Reading = new("GetBlob", 'o', "r", _ => Task.CompletedTask);

    /// <summary>Looks at the source blob, or the snapshot its address names.</summary>
    /// <param name="request">The request that copies.</param>
    /// <param name="unmet">What is said if a condition on the source isn't met.</param>
    /// <param name="look">Takes what is wanted, within the slot.</param>
    /// <exception cref="BlobException">The source isn't there, isn't open to the request, or isn't what the conditions want.</exception>
    public T Read<T>(BlobRequest request, Func<BlobException, BlobException> unmet, Func<Blob, T> look)
    {
        var conditions = new Conditions(request, "x-ms-source-");
        try
        {
            return ReadFrom(request, Name, (blob, _) =>
            {
                try
                {
                    conditions.CheckRead(blob.Properties);
                }
                catch (BlobException refusal)
                {
                    throw unmet(refusal);
                }

                return look(blob);
            });
        }
        catch (BlobException refusal) when (refusal.Status is 403 or 404)
        {
            throw BlobErrors.CannotVerifyCopySource(refusal.Status);
        }
    }

    /// <summary>Looks at the blob, or the snapshot, whose address a header holds.</summary>
    /// <exception cref="BlobException">The header holds no address, nothing is there, or it isn't open to the request.</exception>
    public T ReadFrom<T>(BlobRequest request, string header, Func<Blob, BlobAddress, T> look)
    {
        var text = request.Header(header)!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw BlobErrors.InvalidHeaderValue(header, text);
        var (account, isPathStyle) = Account(request, uri);
        var source = new BlobRequest(Context(request, uri), account, isPathStyle) { Version = request.Version };
        var owner = accounts(account) ?? throw BlobErrors.ResourceNotFound();
        // Who has shown the account's key needs nothing more for a source in the same account.
        if (source.Query("sig") is not null || !request.Access.IsOwner || account != request.Address.Account)
            authenticator.Authorize(source, Reading, owner);
        source.Account = owner;
        return source.Container().Read(source.Address.Blob, slot => look(slot.Find(source.Snapshot), source.Address));
    }

    /// <summary>Hosts are read as the request's own; another one names the account in its first label.</summary>
    private static (string Account, bool IsPathStyle) Account(BlobRequest request, Uri uri) =>
        request.IsPathStyle && uri.Authority.Equals(request.Context.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            ? (uri.Segments.Length > 1 ? uri.Segments[1].TrimEnd('/') : "", true)
            : (uri.Host.Split('.')[0], false);

    private static DefaultHttpContext Context(BlobRequest request, Uri uri)
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = uri.PathAndQuery;
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = uri.Scheme;
        context.Request.Host = new HostString(uri.Authority);
        context.Request.QueryString = new QueryString(uri.Query);
        context.Connection.RemoteIpAddress = request.Context.Connection.RemoteIpAddress;
        return context;
    }
}
