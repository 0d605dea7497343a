using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Web;

namespace AzsBackup.Emulator.Compute;

/// <summary>An account, a container, a blob and perhaps one of its snapshots, read from a blob URI in path style (on an IP address) or host style.</summary>
internal sealed record BlobAddress(string Account, string Container, string Blob, string? Snapshot)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out BlobAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            return false;
        string[] segments = [.. uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(WebUtility.UrlDecode)!];
        bool isPathStyle = uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || uri.Host == "localhost";
        string[] parts = isPathStyle ? segments : [uri.Host.Split('.')[0], .. segments];
        if (parts.Length < 3 || (!isPathStyle && uri.Host.Split('.') is not [_, "blob", ..]))
            return false;
        address = new BlobAddress(parts[0], parts[1], string.Join('/', parts[2..]), HttpUtility.ParseQueryString(uri.Query)["snapshot"]);
        return true;
    }
}
