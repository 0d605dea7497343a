using System.Buffers;
using System.Globalization;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Put Blob for page blobs, and Put Page.</summary>
internal sealed class PageBlobOperations(PageStore pages, BlobServiceOptions options, CopySource sources, ServiceClock clock)
{
    private const int MaxPut = 4 * 1024 * 1024;

    public Task CreateAsync(BlobRequest request)
    {
        const string LengthHeader = "x-ms-blob-content-length";
        var conditions = new Conditions(request);
        var length = request.NumberHeader(LengthHeader) ?? throw BlobErrors.MissingRequiredHeader(LengthHeader);
        if (length % PageVolume.PageSize != 0 || length > options.MaxPageBlobLength)
            throw BlobErrors.InvalidHeaderValue(LengthHeader, length.ToString(CultureInfo.InvariantCulture));
        if (request.ContentLength(MaxPut) > 0)
            throw BlobErrors.InvalidHeaderValue("Content-Length", request.Header("Content-Length")!);
        var properties = BlobProperties.Fresh(clock) with
        {
            Headers = ContentHeaders.From(request),
            Metadata = request.Metadata,
            SequenceNumber = request.NumberHeader("x-ms-blob-sequence-number") ?? 0,
        };
        return request.Container().Change(request.Address.Blob, slot =>
        {
            conditions.CheckPut(slot.Base?.Properties);
            slot.Lease.CheckWrite(request.LeaseId());
            if (slot.Base is not null && !request.Access.MayOverwrite)
                throw BlobErrors.UnauthorizedBlobOverwrite();
            slot.Replace(new PageBlob(properties, pages.Create(length)));
            request.SetVersionHeaders(properties);
            request.SetHeader("x-ms-request-server-encrypted", "true");
            request.Answer(StatusCodes.Status201Created);
            return Task.CompletedTask;
        });
    }

    public async Task PutPageAsync(BlobRequest request)
    {
        var isClear = request.Header("x-ms-page-write")?.ToLowerInvariant() switch
        {
            "update" => false,
            "clear" => true,
            null => throw BlobErrors.MissingRequiredHeader("x-ms-page-write"),
            var other => throw BlobErrors.InvalidHeaderValue("x-ms-page-write", other),
        };
        if (ByteRange.From(request) is not { Last: { } last, First: var first })
            throw request.Header("x-ms-range") is { } given ? BlobErrors.InvalidHeaderValue("x-ms-range", given) : BlobErrors.MissingRequiredHeader("x-ms-range");
        var length = last - first + 1;
        if (first % PageVolume.PageSize != 0 || length % PageVolume.PageSize != 0)
            throw BlobErrors.InvalidPageRange();

        var conditions = new Conditions(request);
        if (isClear)
        {
            if (request.ContentLength(MaxPut) > 0)
                throw BlobErrors.InvalidHeaderValue("Content-Length", request.Header("Content-Length")!);
            Change(request, conditions, first, length, volume => volume.Clear(first, length));
            return;
        }

        if (request.Header("x-ms-copy-source") is not null)
        {
            PutFromUrl(request, conditions, first, length);
            return;
        }

        if (request.ContentLength(MaxPut) != length)
            throw BlobErrors.InvalidHeaderValue("Content-Length", request.Header("Content-Length")!);
        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            // The whole body first: a broken upload, or one with another MD5, must not leave half of itself behind.
            var body = buffer.AsMemory(0, (int)length);
            var hash = await request.ReadBodyAsync(body, computeMd5: string.CompareOrdinal(request.Version, "2019-02-02") < 0);
            Change(request, conditions, first, length, volume => volume.Write(first, body.Span));
            request.SetHeader("Content-MD5", hash);
            request.SetHeader("x-ms-request-server-encrypted", "true");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Put Page From URL: the pages are another blob's bytes.</summary>
    private void PutFromUrl(BlobRequest request, Conditions conditions, long first, long length)
    {
        const string RangeHeader = "x-ms-source-range";
        const string HashHeader = "x-ms-source-content-md5";
        var text = request.Header(RangeHeader) ?? throw BlobErrors.MissingRequiredHeader(RangeHeader);
        if (ByteRange.Parse(text) is not { Last: { } sourceLast, First: var sourceFirst } || sourceLast - sourceFirst + 1 != length)
            throw BlobErrors.InvalidHeaderValue(RangeHeader, text);
        if (length > MaxPut)
            throw BlobErrors.RequestBodyTooLarge(MaxPut);
        if (request.ContentLength(MaxPut) > 0)
            throw BlobErrors.InvalidHeaderValue("Content-Length", request.Header("Content-Length")!);
        // Conditions on the source are told of as a source that can't be verified (recorded: test_update_page_from_url_with_source_if_match).
        var bytes = sources.Read(request, refusal => BlobErrors.CannotVerifyCopySource(refusal.Status), source =>
        {
            if (sourceLast >= source.Length)
                throw BlobErrors.InvalidRange(source.Length);
            using var reader = IContentReader.Of(source);
            var buffer = new byte[length];
            reader.Read(sourceFirst, buffer);
            return buffer;
        });
        var hash = ContentMd5.Of(bytes);
        if (request.Header(HashHeader) is { } sent && sent != hash)
            throw BlobErrors.SourceMd5Mismatch();
        Change(request, conditions, first, length, volume => volume.Write(first, bytes));
        request.SetHeader("Content-MD5", hash);
        request.SetHeader("x-ms-request-server-encrypted", "true");
    }

    private void Change(BlobRequest request, Conditions conditions, long first, long length, Action<PageVolume> change) =>
        request.Container().Change(request.Address.Blob, slot =>
        {
            var blob = slot.Find(null) as PageBlob ?? throw BlobErrors.InvalidBlobType();
            conditions.CheckChange(blob.Properties);
            slot.Lease.CheckWrite(request.LeaseId());
            CheckSequenceNumber(request, blob.Properties.SequenceNumber);
            if (first > blob.Length - length)
                throw BlobErrors.InvalidPageRange();
            change(blob.Volume);
            blob.Properties = blob.Properties.Touched(clock);
            request.SetVersionHeaders(blob.Properties);
            request.SetHeader("x-ms-blob-sequence-number", blob.Properties.SequenceNumber.ToString(CultureInfo.InvariantCulture));
            request.Answer(StatusCodes.Status201Created);
            return true;
        });

    private static void CheckSequenceNumber(BlobRequest request, long current)
    {
        if (current > (request.NumberHeader("x-ms-if-sequence-number-le") ?? long.MaxValue)
            || (request.NumberHeader("x-ms-if-sequence-number-lt") is { } bound && current >= bound)
            || (request.NumberHeader("x-ms-if-sequence-number-eq") is { } expected && current != expected))
            throw BlobErrors.SequenceNumberConditionNotMet();
    }
}
