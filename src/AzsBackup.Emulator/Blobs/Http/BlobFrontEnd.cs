using System.Globalization;
using AzsBackup.Emulator.Blobs.Authentication;
using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Pages;
using Microsoft.AspNetCore.Http.Features;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>Turns HTTP into operations: version, route, authentication, operation; and refusals into the service's error answers.</summary>
internal sealed class BlobFrontEnd(PageStore pages, ContentStore contents, BlobServiceOptions options, ServiceClock clock, ExpiredSas expired, Func<string, StorageAccount?> accounts)
{
    private readonly BlobRouter _router = new(pages, contents, options, clock, new CopySource(new Authenticator(options, clock, expired), accounts));
    private readonly Authenticator _authenticator = new(options, clock, expired);

    public IReadOnlyCollection<string> OperationNames => _router.Names;

    /// <summary>The name of the operation that a request is; null if it is none.</summary>
    public string? OperationOf(HttpContext context, string accountName, bool isPathStyle)
    {
        try
        {
            return _router.Route(new BlobRequest(context, accountName, isPathStyle)).Name;
        }
        catch (BlobException)
        {
            // It will be refused when it is answered.
            return null;
        }
    }

    /// <summary>Answers a request; with a refusal that is given, whatever it asks for.</summary>
    public async Task HandleAsync(HttpContext context, string accountName, StorageAccount? account, bool isPathStyle, BlobException? refusal = null)
    {
        // The service's own limits apply to bodies (413 in its words), not the server's.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;

        var request = new BlobRequest(context, accountName, isPathStyle);
        SetCommonHeaders(request);
        try
        {
            request.Version = VersionOf(request, account);
            request.SetHeader("x-ms-version", request.Version);
            if (refusal is not null)
                throw refusal;
            CheckAddress(request);
            if (request.Method == HttpMethods.Options)
            {
                Cors.Preflight(request, account ?? throw UnknownAccount(accountName));
                return;
            }

            var operation = _router.Route(request);
            request.Account = account ?? throw UnknownAccount(accountName);
            Cors.Announce(request, account);
            request.Access = _authenticator.Authorize(request, operation, account);
            await operation.HandleAsync(request);
        }
        catch (BlobException refused) when (!context.Response.HasStarted)
        {
            await RefuseAsync(request, refused);
        }
        catch (ObjectDisposedException) when (!context.Response.HasStarted)
        {
            // The blob was found, and deleted before its first byte was read.
            await RefuseAsync(request, BlobErrors.BlobNotFound());
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.RequestServices?.GetService<ILoggerFactory>()?.CreateLogger<BlobFrontEnd>()
                .LogError(exception, "{Method} {Path} has failed unexpectedly.", context.Request.Method, request.RawPath);
            await RefuseAsync(request, BlobErrors.InternalError());
        }
    }

    private Task RefuseAsync(BlobRequest request, BlobException refusal)
    {
        // An operation that got as far as describing the blob must not leave that in the error's headers.
        request.Context.Response.Clear();
        SetCommonHeaders(request);
        if (request.Version.Length > 0 && !refusal.IsEarly)
            request.SetHeader("x-ms-version", request.Version);
        return ErrorAnswer.WriteAsync(request, refusal, clock.Now);
    }

    private void SetCommonHeaders(BlobRequest request)
    {
        request.SetHeader("Server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0");
        request.SetHeader("Date", clock.Now.ToString("R", CultureInfo.InvariantCulture));
        request.SetHeader("x-ms-request-id", Guid.NewGuid().ToString("D"));
        request.SetHeader("x-ms-client-request-id", request.Header("x-ms-client-request-id"));
    }

    /// <summary>The header decides; without it, a SAS speaks the version it is signed for, and a request with neither the oldest one.</summary>
    private string VersionOf(BlobRequest request, StorageAccount? account)
    {
        if (request.Header("x-ms-version") is { } version)
            return options.Versions.Contains(version) ? version : throw BlobErrors.InvalidHeaderValue("x-ms-version", version);
        if (request.Query("sig") is not null && request.Query("api-version") is { } wanted)
            return options.Versions.Contains(wanted) ? wanted : throw BlobErrors.InvalidQueryParameter("api-version", wanted, "Not a version of this service.");
        if (request.Header("Authorization") is not null)
            throw BlobErrors.MissingRequiredHeader("x-ms-version");
        return request.Query("sv") is { } signed && options.Versions.Contains(signed) ? signed : account?.Properties.DefaultVersion ?? options.Versions[^1];
    }

    private void CheckAddress(BlobRequest request)
    {
        if (request.Address.Container.Length > 0 && !BlobAddress.IsContainerName(request.Address.Container))
            throw BlobErrors.InvalidResourceName();
        if (request.Address.Blob.Length > options.MaxBlobNameLength)
            throw BlobErrors.InvalidResourceName();
        if (request.Snapshot is { } snapshot && !DateTimeOffset.TryParseExact(snapshot, "yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            throw BlobErrors.InvalidSnapshot(snapshot);
    }

    // A revoked grant leaves no account behind; to its client the signature has stopped being valid.
    private static BlobException UnknownAccount(string name) => name.StartsWith("md-", StringComparison.Ordinal)
        ? BlobErrors.AuthenticationFailed("Signed identifier is not found.")
        : BlobErrors.ResourceNotFound();
}
