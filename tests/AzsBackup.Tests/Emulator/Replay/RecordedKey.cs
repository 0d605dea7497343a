using System.Security.Cryptography;
using System.Text;
using System.Web;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Signs recorded requests anew, whose signatures were taken out; written from the protocol's documentation ("Authorize with Shared Key", "Create a service SAS").</summary>
internal sealed class RecordedKey(string account, byte[] key)
{
    private static readonly string[] SignedHeaders =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    /// <summary>The Authorization header of a request with these headers; one with x-ms-date signs no Date.</summary>
    public string Authorization(string method, Uri uri, IReadOnlyDictionary<string, string> headers, int contentLength)
    {
        var text = new StringBuilder(method).Append('\n');
        foreach (var name in SignedHeaders)
            text.Append(name == "Content-Length" ? (contentLength == 0 ? "" : contentLength.ToString(System.Globalization.CultureInfo.InvariantCulture)) : headers.GetValueOrDefault(name)).Append('\n');
        foreach (var (name, value) in headers.Select(h => (Name: h.Key.ToLowerInvariant(), h.Value)).Where(h => h.Name.StartsWith("x-ms-", StringComparison.Ordinal)).OrderBy(h => h.Name, StringComparer.Ordinal))
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        text.Append('/').Append(account).Append(uri.AbsolutePath);
        var query = HttpUtility.ParseQueryString(uri.Query);
        foreach (var name in query.AllKeys.Order(StringComparer.Ordinal))
            text.Append('\n').Append(name).Append(':').Append(query[name]);
        return $"SharedKey {account}:{Sign(text.ToString())}";
    }

    /// <summary>A source address whose host and signature were masked, with this account's.</summary>
    public string Source(string masked)
    {
        var uri = new UriBuilder(masked) { Host = account + ".blob.core.windows.net", Port = -1 };
        var query = HttpUtility.ParseQueryString(uri.Query);
        if (query["sig"] is null)
            return uri.Uri.AbsoluteUri;
        var text = $"{query["sp"]}\n{query["st"]}\n{query["se"]}\n/blob/{account}{Uri.UnescapeDataString(uri.Path)}\n{query["si"]}\n{query["sip"]}\n{query["spr"]}\n{query["sv"]}\n{query["sr"]}\n\n\n\n\n\n";
        uri.Query = uri.Query.Replace("sig=MASKED", "sig=" + Uri.EscapeDataString(Sign(text)), StringComparison.Ordinal);
        return uri.Uri.AbsoluteUri;
    }

    private string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
