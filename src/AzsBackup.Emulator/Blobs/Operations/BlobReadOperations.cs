using System.Buffers;
using System.Globalization;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Get Blob, Get Blob Properties, Get Blob Metadata.</summary>
internal static class BlobReadOperations
{
    /// <summary>Bytes read at once: large enough that calls don't count, small enough to be still in the processor's cache when they are encrypted and sent.</summary>
    private const int Piece = 128 * 1024;

    /// <summary>The longest range whose MD5 the service computes.</summary>
    private const int MaxHashedRange = 4 * 1024 * 1024;

    private const string Md5Wish = "x-ms-range-get-content-md5";
    private const string Crc64Wish = "x-ms-range-get-content-crc64";

    public static async Task GetAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var asked = ByteRange.From(request);
        var (reader, properties, total) = request.Container().Read(request.Address.Blob, slot =>
        {
            var blob = slot.Find(request.Snapshot);
            conditions.CheckRead(blob.Properties);
            CheckLease(request, slot);
            SetHeaders(request, slot, blob);
            return (IContentReader.Of(blob), blob.Properties, blob.Length);
        });
        using var content = reader;

        var (offset, length) = asked?.Within(total) ?? (0, total);
        var response = request.Context.Response;
        response.StatusCode = asked is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
        response.ContentLength = length;
        if (asked is not null)
            request.SetHeader("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{total}"));
        request.SetHeader(asked is null ? "Content-MD5" : "x-ms-blob-content-md5", properties.Headers.ContentMd5);

        bool wantsMd5 = Wants(request, Md5Wish);
        bool wantsCrc64 = Wants(request, Crc64Wish);
        if (wantsCrc64 && string.CompareOrdinal(request.Version, "2019-02-02") < 0)
            throw BlobErrors.UnsupportedHeader(Crc64Wish);
        if (wantsMd5 && wantsCrc64)
            throw BlobErrors.InvalidHeaderValue(Crc64Wish, "true");
        if (wantsMd5 || wantsCrc64)
            await WriteHashedAsync(request, content, asked, offset, length, wantsCrc64);
        else
            await WriteAsync(request, content, offset, length);
    }

    public static Task GetPropertiesAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        return request.Container().Read(request.Address.Blob, slot =>
        {
            var blob = slot.Find(request.Snapshot);
            conditions.CheckRead(blob.Properties);
            CheckLease(request, slot);
            SetHeaders(request, slot, blob);
            request.SetHeader("Content-MD5", blob.Properties.Headers.ContentMd5);
            request.Context.Response.ContentLength = blob.Length;
            return Task.CompletedTask;
        });
    }

    public static Task GetMetadataAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        return request.Container().Read(request.Address.Blob, slot =>
        {
            var blob = slot.Find(request.Snapshot);
            conditions.CheckRead(blob.Properties);
            CheckLease(request, slot);
            request.SetVersionHeaders(blob.Properties);
            request.SetMetadataHeaders(blob.Properties);
            request.Answer(StatusCodes.Status200OK);
            return Task.CompletedTask;
        });
    }

    private static bool Wants(BlobRequest request, string header) => "true".Equals(request.Header(header), StringComparison.OrdinalIgnoreCase);

    private static void CheckLease(BlobRequest request, BlobSlot slot)
    {
        if (request.Snapshot is null)
            slot.Lease.CheckRead(request.LeaseId());
    }

    private static void SetHeaders(BlobRequest request, BlobSlot slot, Blob blob)
    {
        var properties = blob.Properties;
        var headers = properties.Headers;
        request.SetVersionHeaders(properties);
        request.SetMetadataHeaders(properties);
        // A SAS may carry headers of its own for the answer, which are part of what is signed; without a SAS they mean nothing.
        var isSigned = request.Query("sig") is not null;
        string? Signed(string name) => isSigned ? request.Query(name) : null;
        request.SetHeader("Content-Type", Signed("rsct") ?? headers.ContentType);
        request.SetHeader("Content-Encoding", Signed("rsce") ?? headers.ContentEncoding);
        request.SetHeader("Content-Language", Signed("rscl") ?? headers.ContentLanguage);
        request.SetHeader("Content-Disposition", Signed("rscd") ?? headers.ContentDisposition);
        request.SetHeader("Cache-Control", Signed("rscc") ?? headers.CacheControl);
        request.SetHeader("Accept-Ranges", "bytes");
        request.SetHeader("x-ms-blob-type", blob.Type);
        if (string.CompareOrdinal(request.Version, "2017-11-09") >= 0)
            request.SetHeader("x-ms-creation-time", properties.CreatedAt.ToString("R", CultureInfo.InvariantCulture));
        if (string.CompareOrdinal(request.Version, "2015-12-11") >= 0)
            request.SetHeader("x-ms-server-encrypted", "true");
        if (blob is PageBlob)
            request.SetHeader("x-ms-blob-sequence-number", properties.SequenceNumber.ToString(CultureInfo.InvariantCulture));
        if (blob is AppendBlob append)
            request.SetHeader("x-ms-blob-committed-block-count", append.Blocks.Count.ToString(CultureInfo.InvariantCulture));
        if (properties.Copy is { } copy)
        {
            request.SetHeader("x-ms-copy-id", copy.Id);
            request.SetHeader("x-ms-copy-source", copy.Source);
            request.SetHeader("x-ms-copy-status", "success");
            request.SetHeader("x-ms-copy-progress", string.Create(CultureInfo.InvariantCulture, $"{copy.Length}/{copy.Length}"));
            request.SetHeader("x-ms-copy-completion-time", copy.CompletedAt.ToString("R", CultureInfo.InvariantCulture));
        }

        if (blob.Snapshot is null)
        {
            request.SetLeaseHeaders(slot.Lease);
        }
        else
        {
            request.SetHeader("x-ms-snapshot", blob.Snapshot);
        }
    }

    /// <summary>Reads straight into the server's own buffers.</summary>
    private static async Task WriteAsync(BlobRequest request, IContentReader content, long offset, long length)
    {
        var writer = request.Context.Response.BodyWriter;
        while (length > 0)
        {
            var piece = (int)Math.Min(Piece, length);
            content.Read(offset, writer.GetSpan(piece)[..piece]);
            writer.Advance(piece);
            var flushed = await writer.FlushAsync(request.Context.RequestAborted);
            if (flushed.IsCompleted || flushed.IsCanceled)
                return;
            offset += piece;
            length -= piece;
        }
    }

    private static async Task WriteHashedAsync(BlobRequest request, IContentReader content, ByteRange? asked, long offset, long length, bool isCrc64)
    {
        if (asked is null || length > MaxHashedRange)
            throw BlobErrors.InvalidHeaderValue(isCrc64 ? Crc64Wish : Md5Wish, "true");
        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var bytes = buffer.AsMemory(0, (int)length);
            content.Read(offset, bytes.Span);
            if (isCrc64)
                request.SetHeader("x-ms-content-crc64", ContentCrc64.Of(bytes.Span));
            else
                request.SetHeader("Content-MD5", ContentMd5.Of(bytes.Span));
            await request.Context.Response.Body.WriteAsync(bytes, request.Context.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
