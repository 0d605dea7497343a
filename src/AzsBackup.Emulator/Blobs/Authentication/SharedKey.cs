using System.Text;
using AzsBackup.Emulator.Blobs.Http;

namespace AzsBackup.Emulator.Blobs.Authentication;

/// <summary>Signatures with an account key (learn.microsoft.com, "Authorize with Shared Key").</summary>
internal static class SharedKey
{
    private static readonly string[] SignedHeaders =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    /// <summary>Checks account:signature; says what was signed wrongly otherwise.</summary>
    public static void Check(BlobRequest request, string credential, IReadOnlyList<byte[]> keys)
    {
        var colon = credential.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw BlobErrors.InvalidAuthenticationInfo();
        if (credential[..colon] != request.Address.Account)
            throw BlobErrors.AuthenticationFailed($"The request is signed for account {credential[..colon]}, not for {request.Address.Account}.");

        var texts = Texts(request).Distinct().ToList();
        if (!texts.Any(text => Signature.IsValid(credential[(colon + 1)..], text, keys)))
            throw BlobErrors.AuthenticationFailed($"The MAC signature found in the HTTP request is not the same as any computed signature. Server used following string to sign: '{texts[0]}'.");
    }

    /// <summary>
    /// What a client may have signed. Clients agree on all but two points: in what order headers come whose names differ at a hyphen,
    /// and, where the account is in the path, whether the resource names it once or twice (SDKs do it twice, "/account/account/container").
    /// </summary>
    private static IEnumerable<string> Texts(BlobRequest request)
    {
        var head = Head(request);
        var query = Query(request);
        string[] resources = request.IsPathStyle
            ? [$"/{request.Address.Account}{request.RawPath}", request.RawPath]
            : [$"/{request.Address.Account}{request.RawPath}"];
        foreach (var headers in new[] { Headers(request, name => name), Headers(request, name => name.Replace("-", "", StringComparison.Ordinal)) })
        {
            foreach (var resource in resources)
                yield return head + headers + resource + query;
        }
    }

    private static string Head(BlobRequest request)
    {
        var text = new StringBuilder(request.Method).Append('\n');
        foreach (var name in SignedHeaders)
        {
            var value = request.Header(name) ?? "";
            if ((name == "Content-Length" && value == "0") || (name == "Date" && request.Header("x-ms-date") is not null))
                value = "";
            text.Append(value).Append('\n');
        }

        return text.ToString();
    }

    private static string Headers(BlobRequest request, Func<string, string> sortKey)
    {
        var text = new StringBuilder();
        var headers = request.Context.Request.Headers
            .Where(h => h.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .Select(h => (Name: h.Key.ToLowerInvariant(), Value: h.Value.ToString().Trim()))
            .OrderBy(h => sortKey(h.Name), StringComparer.Ordinal);
        foreach (var (name, value) in headers)
            text.Append(name).Append(':').Append(value).Append('\n');
        return text.ToString();
    }

    private static string Query(BlobRequest request)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in request.Context.Request.Query.OrderBy(q => q.Key.ToLowerInvariant(), StringComparer.Ordinal))
            text.Append('\n').Append(name.ToLowerInvariant()).Append(':').AppendJoin(',', values.Order(StringComparer.Ordinal));
        return text.ToString();
    }
}
