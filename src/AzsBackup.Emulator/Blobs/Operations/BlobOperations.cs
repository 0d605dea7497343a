using System.Globalization;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>What is done to blobs of every type: metadata, properties, snapshot, delete.</summary>
internal sealed class BlobOperations(BlobServiceOptions options, ServiceClock clock)
{
    public Task SetMetadataAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var metadata = request.Metadata;
        return Change(request, slot =>
        {
            var blob = slot.Find(null);
            conditions.CheckChange(blob.Properties);
            slot.Lease.CheckWrite(request.LeaseId());
            blob.Properties = blob.Properties.Touched(clock) with { Metadata = metadata };
            request.SetVersionHeaders(blob.Properties);
            request.SetHeader("x-ms-request-server-encrypted", "true");
            request.Answer(StatusCodes.Status200OK);
        });
    }

    public Task SetPropertiesAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var length = request.NumberHeader("x-ms-blob-content-length");
        if (length is { } wanted && (wanted % PageVolume.PageSize != 0 || wanted > options.MaxPageBlobLength))
            throw BlobErrors.InvalidHeaderValue("x-ms-blob-content-length", wanted.ToString(CultureInfo.InvariantCulture));
        return Change(request, slot =>
        {
            var blob = slot.Find(null);
            conditions.CheckChange(blob.Properties);
            slot.Lease.CheckWrite(request.LeaseId());
            var properties = blob.Properties;
            if (ContentHeaders.AreGiven(request))
                properties = properties with { Headers = ContentHeaders.Given(request) };
            if (request.Header("x-ms-sequence-number-action") is { } action)
                properties = properties with { SequenceNumber = NextSequenceNumber(request, blob, action) };
            if (length is { } size)
                (blob as PageBlob ?? throw BlobErrors.InvalidBlobType()).Volume.Resize(size);
            blob.Properties = properties.Touched(clock) with { Copy = null };
            request.SetVersionHeaders(blob.Properties);
            if (blob is PageBlob)
                request.SetHeader("x-ms-blob-sequence-number", properties.SequenceNumber.ToString(CultureInfo.InvariantCulture));
            request.Answer(StatusCodes.Status200OK);
        });
    }

    public static Task SnapshotAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var metadata = request.Metadata;
        return Change(request, slot =>
        {
            conditions.CheckChange(slot.Find(null).Properties);
            slot.Lease.CheckRead(request.LeaseId());
            var snapshot = slot.TakeSnapshot(metadata.Count > 0 ? metadata : null);
            request.SetVersionHeaders(snapshot.Properties);
            request.SetHeader("x-ms-snapshot", snapshot.Snapshot);
            request.SetHeader("x-ms-request-server-encrypted", "false");
            request.Answer(StatusCodes.Status201Created);
        });
    }

    public static Task DeleteAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var scope = request.Header("x-ms-delete-snapshots");
        if (scope is not (null or "include" or "only"))
            throw BlobErrors.InvalidHeaderValue("x-ms-delete-snapshots", scope);
        if (scope is not null && request.Snapshot is { } time)
            throw BlobErrors.InvalidQueryParameter("snapshot", time, "A snapshot has no snapshots to delete.");
        return Change(request, slot =>
        {
            var blob = slot.Find(request.Snapshot);
            conditions.CheckChange(blob.Properties);
            if (request.Snapshot is null && scope != "only")
                slot.Lease.CheckWrite(request.LeaseId());
            if (request.Snapshot is not null)
                slot.RemoveSnapshot(blob);
            else if (scope == "only")
                slot.RemoveSnapshots();
            else if (scope is null && slot.Snapshots.Count > 0)
                throw BlobErrors.SnapshotsPresent();
            else
                slot.RemoveAll();
            request.SetHeader("x-ms-delete-type-permanent", "true");
            request.Answer(StatusCodes.Status202Accepted);
        });
    }

    private static long NextSequenceNumber(BlobRequest request, Blob blob, string action)
    {
        if (blob is not PageBlob)
            throw BlobErrors.InvalidBlobType();
        const string Header = "x-ms-blob-sequence-number";
        var given = request.NumberHeader(Header);
        var current = blob.Properties.SequenceNumber;
        return action switch
        {
            "increment" when given is null => current < long.MaxValue ? current + 1 : throw BlobErrors.SequenceNumberIncrementTooLarge(),
            "update" => given ?? throw BlobErrors.MissingRequiredHeader(Header),
            "max" => Math.Max(current, given ?? throw BlobErrors.MissingRequiredHeader(Header)),
            _ => throw BlobErrors.InvalidHeaderValue("x-ms-sequence-number-action", action),
        };
    }

    private static Task Change(BlobRequest request, Action<BlobSlot> change)
    {
        if (request.Snapshot is not null && request.Method != HttpMethods.Delete)
            throw BlobErrors.InvalidQueryParameter("snapshot", request.Snapshot, "A snapshot can't be changed.");
        return request.Container().Change(request.Address.Blob, slot =>
        {
            change(slot);
            return Task.CompletedTask;
        });
    }
}
