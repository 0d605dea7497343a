using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>The x-ms-blob-content-* headers of a request.</summary>
internal static class ContentHeaders
{
    private static readonly string[] Names =
    [
        "x-ms-blob-content-type", "x-ms-blob-content-encoding", "x-ms-blob-content-language",
        "x-ms-blob-content-disposition", "x-ms-blob-cache-control", "x-ms-blob-content-md5",
    ];

    /// <summary>Whether any is given: setting one replaces all.</summary>
    public static bool AreGiven(BlobRequest request) => Names.Any(n => request.Header(n) is not null);

    /// <summary>As given, for Set Blob Properties: what isn't given is unset.</summary>
    public static BlobHeaders Given(BlobRequest request) => From(request) with { ContentType = request.Header("x-ms-blob-content-type") };

    /// <summary>As given, for a new blob; for Put Blob the plain headers stand in, except where they describe a body that isn't the content.</summary>
    public static BlobHeaders From(BlobRequest request, bool withPlainHeaders = false)
    {
        string? Plain(string name) => withPlainHeaders ? request.Header(name) : null;
        return new BlobHeaders
        {
            ContentType = request.Header("x-ms-blob-content-type") ?? Plain("Content-Type") ?? new BlobHeaders().ContentType,
            ContentEncoding = request.Header("x-ms-blob-content-encoding") ?? Plain("Content-Encoding"),
            ContentLanguage = request.Header("x-ms-blob-content-language") ?? Plain("Content-Language"),
            ContentDisposition = request.Header("x-ms-blob-content-disposition"),
            CacheControl = request.Header("x-ms-blob-cache-control") ?? Plain("Cache-Control"),
            ContentMd5 = request.Header("x-ms-blob-content-md5"),
        };
    }
}
