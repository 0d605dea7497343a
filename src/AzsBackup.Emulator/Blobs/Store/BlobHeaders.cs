namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>What a blob's owner wants its readers to be told: the x-ms-blob-content-* and cache properties. Null: not set.</summary>
internal sealed record BlobHeaders
{
    public string? ContentType { get; init; } = "application/octet-stream";

    public string? ContentEncoding { get; init; }

    public string? ContentLanguage { get; init; }

    public string? ContentDisposition { get; init; }

    public string? CacheControl { get; init; }

    /// <summary>Base64; the whole content's.</summary>
    public string? ContentMd5 { get; init; }
}
