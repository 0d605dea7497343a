namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A rule of cross-origin access. Lists as they were given; <c>*</c> is anything, and in headers also the end of a name.</summary>
internal sealed record CorsRule(
    IReadOnlyList<string> Origins,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> AllowedHeaders,
    IReadOnlyList<string> ExposedHeaders,
    int MaxAgeSeconds)
{
    /// <summary>Origins are compared with case, as the service does.</summary>
    public bool Covers(string origin, string method) =>
        (Origins.Contains("*") || Origins.Contains(origin, StringComparer.Ordinal)) && Methods.Contains(method, StringComparer.Ordinal);

    public bool Allows(string header) => Fits(AllowedHeaders, header);

    public bool Exposes(string header) => Fits(ExposedHeaders, header);

    private static bool Fits(IReadOnlyList<string> patterns, string header) => patterns.Any(pattern =>
        pattern.EndsWith('*') ? header.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase) : header.Equals(pattern, StringComparison.OrdinalIgnoreCase));
}
