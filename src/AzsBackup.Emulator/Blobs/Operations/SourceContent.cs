using System.Security.Cryptography;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>The bytes of another blob that a From URL operation names: x-ms-copy-source and its companions.</summary>
internal sealed class SourceContent(CopySource sources)
{
    private const string RangeHeader = "x-ms-source-range";
    private const int Piece = 1 << 20;

    public static bool IsAskedFor(BlobRequest request) => request.Header("x-ms-copy-source") is not null;

    /// <summary>Makes a file of the source's bytes: of the range named, or all of them; at most so many.</summary>
    /// <returns>The file and the MD5 of its bytes in base64.</returns>
    /// <exception cref="BlobException">The source can't be read, isn't what the conditions want, is too long, or has another MD5 than was said.</exception>
    public async Task<(ContentFile Content, string Hash)> CopyAsync(BlobRequest request, ContentStore contents, long limit)
    {
        if (request.ContentLength(limit) > 0)
            throw BlobErrors.InvalidHeaderValue("Content-Length", request.Header("Content-Length")!);
        var range = Range(request);
        var (reader, offset, length) = sources.Read(request, refusal => BlobErrors.CannotVerifyCopySource(refusal.Status), source =>
        {
            var (from, count) = range?.Within(source.Length) ?? (0, source.Length);
            if (count > limit)
                throw BlobErrors.RequestBodyTooLarge(limit);
            return (IContentReader.Of(source), from, count);
        });
        using var content = reader;
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var file = await contents.CreateAsync(async target =>
        {
            var buffer = new byte[Math.Min(Piece, length)];
            for (long done = 0; done < length; done += buffer.Length)
            {
                var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - done));
                content.Read(offset + done, piece.Span);
                md5.AppendData(piece.Span);
                await target.WriteAsync(piece, request.Context.RequestAborted);
            }
        });
        var hash = Convert.ToBase64String(md5.GetHashAndReset());
        if (request.Header("x-ms-source-content-md5") is not { } sent || sent == hash)
            return (file, hash);
        file.Release();
        throw BlobErrors.SourceMd5Mismatch();
    }

    private static ByteRange? Range(BlobRequest request)
    {
        if (request.Header(RangeHeader) is not { } text)
            return null;
        return ByteRange.Parse(text) ?? throw BlobErrors.InvalidHeaderValue(RangeHeader, text);
    }
}
