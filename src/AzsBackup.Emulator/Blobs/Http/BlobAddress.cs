namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>What a request is about: an account, a container in it or a blob in that. Names are decoded; absent parts are empty.</summary>
internal readonly record struct BlobAddress(string Account, string Container, string Blob)
{
    private const string RootContainer = "$root";

    /// <summary>Whether the account is one of the platform's, through which disks and snapshots are exported.</summary>
    public bool IsExport => Account.StartsWith("md-", StringComparison.Ordinal);

    /// <summary>Takes the address apart, from the path as it came over the wire: a decoded one no longer tells an encoded slash in a blob's name from a real one.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="rawPath">The path of the request, percent-encoded, without query.</param>
    /// <param name="isPathStyle">Whether the path's first segment is the account.</param>
    /// <param name="isAboutContainer">Whether the query says restype=container: without it a lone segment names a blob in the root container.</param>
    public static BlobAddress Parse(string account, string rawPath, bool isPathStyle, bool isAboutContainer)
    {
        var path = rawPath.TrimStart('/');
        if (isPathStyle)
            path = path.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? path[(slash + 1)..] : "";
        var cut = path.IndexOf('/', StringComparison.Ordinal);
        var (container, blob) = cut < 0 ? (path, "") : (path[..cut], path[(cut + 1)..]);
        if (container.Length > 0 && blob.Length == 0 && !isAboutContainer)
            (container, blob) = (RootContainer, container);
        return new BlobAddress(account, Uri.UnescapeDataString(container), Uri.UnescapeDataString(blob));
    }

    /// <summary>Whether the name may be a container's: 3 to 63 lower-case letters, digits and single hyphens, or one of the service's own.</summary>
    public static bool IsContainerName(string name) =>
        name is RootContainer or "$web" or "$logs"
        || (name.Length is >= 3 and <= 63
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal));
}
