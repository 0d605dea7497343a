using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Copy Blob and Abort Copy Blob. Bytes are shared, not moved: a copy is done when it is answered.</summary>
internal sealed class CopyOperations(CopySource sources, ServiceClock clock)
{
    public Task CopyAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var target = request.Container();
        var made = sources.Read(request, _ => BlobErrors.SourceConditionNotMet(), source => Copy(request, source));
        try
        {
            target.Change(request.Address.Blob, slot =>
            {
                conditions.CheckPut(slot.Base?.Properties);
                if (slot.Base is not null && !request.Access.MayOverwrite)
                    throw BlobErrors.UnauthorizedBlobOverwrite();
                if (slot.Base is not null && slot.Base.Type != made.Type)
                    throw BlobErrors.InvalidBlobType();
                slot.Lease.CheckWrite(request.LeaseId());
                slot.Replace(made);
                return true;
            });
        }
        catch
        {
            made.Dispose();
            throw;
        }

        request.SetVersionHeaders(made.Properties);
        request.SetHeader("x-ms-copy-id", made.Properties.Copy!.Id);
        request.SetHeader("x-ms-copy-status", "success");
        request.Answer(StatusCodes.Status202Accepted);
        return Task.CompletedTask;
    }

    /// <summary>There is never a copy under way to abort.</summary>
    public static Task AbortAsync(BlobRequest request) =>
        request.Container().Read<Task>(request.Address.Blob, slot =>
        {
            slot.Find(null);
            throw BlobErrors.NoPendingCopyOperation();
        });

    private Blob Copy(BlobRequest request, Blob source)
    {
        var metadata = request.Metadata;
        var fresh = BlobProperties.Fresh(clock);
        return source.Duplicate(fresh with
        {
            Headers = source.Properties.Headers,
            Metadata = metadata.Count > 0 ? metadata : source.Properties.Metadata,
            SequenceNumber = source.Properties.SequenceNumber,
            Copy = new BlobCopy(Guid.NewGuid().ToString("D"), WithoutCredentials(request.Header("x-ms-copy-source")!), fresh.CreatedAt, source.Length),
        });
    }

    /// <summary>A SAS is not for everyone who may read the copy.</summary>
    private static string WithoutCredentials(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        if (query < 0)
            return address;
        var snapshot = address[(query + 1)..].Split('&').FirstOrDefault(part => part.StartsWith("snapshot=", StringComparison.Ordinal));
        return address[..query] + (snapshot is null ? "" : "?" + snapshot);
    }
}
