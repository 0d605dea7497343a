using System.Globalization;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Put Blob for append blobs, Append Block and Append Block From URL.</summary>
internal sealed class AppendBlobOperations(ContentStore contents, SourceContent sources, ServiceClock clock)
{
    private const int MaxBlock = 4 * 1024 * 1024;

    public Task CreateAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        if (request.ContentLength(MaxBlock) > 0)
            throw BlobErrors.InvalidHeaderValue("Content-Length", request.Header("Content-Length")!);
        var properties = BlobProperties.Fresh(clock) with { Headers = ContentHeaders.From(request), Metadata = request.Metadata };
        return request.Container().Change(request.Address.Blob, slot =>
        {
            conditions.CheckPut(slot.Base?.Properties);
            slot.Lease.CheckWrite(request.LeaseId());
            if (slot.Base is not null && !request.Access.MayOverwrite)
                throw BlobErrors.UnauthorizedBlobOverwrite();
            slot.Replace(new AppendBlob(properties, []));
            request.SetVersionHeaders(properties);
            request.SetHeader("x-ms-request-server-encrypted", "true");
            request.Answer(StatusCodes.Status201Created);
            return Task.CompletedTask;
        });
    }

    public async Task AppendBlockAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var position = request.NumberHeader("x-ms-blob-condition-appendpos");
        var limit = request.NumberHeader("x-ms-blob-condition-maxsize");
        var container = request.Container();
        string? hash = null;
        ContentFile content;
        if (SourceContent.IsAskedFor(request))
        {
            (content, hash) = await sources.CopyAsync(request, contents, MaxBlock);
        }
        else
        {
            var length = request.ContentLength(MaxBlock);
            if (length == 0)
                throw BlobErrors.InvalidHeaderValue("Content-Length", "0");
            content = await contents.CreateAsync(async file => hash = await request.CopyBodyAsync(file, length, computeMd5: string.CompareOrdinal(request.Version, "2019-02-02") < 0));
        }

        try
        {
            container.Change(request.Address.Blob, slot => Append(request, slot, conditions, position, limit, content));
        }
        catch
        {
            content.Release();
            throw;
        }

        request.SetHeader("Content-MD5", hash);
        request.SetHeader("x-ms-request-server-encrypted", "true");
        request.Answer(StatusCodes.Status201Created);
    }

    private bool Append(BlobRequest request, BlobSlot slot, Conditions conditions, long? position, long? limit, ContentFile content)
    {
        var blob = slot.Find(null) as AppendBlob ?? throw BlobErrors.InvalidBlobType();
        conditions.CheckChange(blob.Properties);
        slot.Lease.CheckWrite(request.LeaseId());
        if (position is not null && position != blob.Length)
            throw BlobErrors.AppendPositionConditionNotMet();
        if (blob.Length + content.Length > limit)
            throw BlobErrors.MaxBlobSizeConditionNotMet();
        if (blob.Blocks.Count >= AppendBlob.MaxBlocks)
            throw BlobErrors.BlockCountExceedsLimit(AppendBlob.MaxBlocks);
        request.SetHeader("x-ms-blob-append-offset", blob.Length.ToString(CultureInfo.InvariantCulture));
        blob.Append(content);
        blob.Properties = blob.Properties.Touched(clock);
        request.SetHeader("x-ms-blob-committed-block-count", blob.Blocks.Count.ToString(CultureInfo.InvariantCulture));
        request.SetVersionHeaders(blob.Properties);
        return true;
    }
}
