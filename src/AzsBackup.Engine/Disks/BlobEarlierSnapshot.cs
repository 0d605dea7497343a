using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>A blob snapshot of an unmanaged disk that an earlier point kept. Its name is the service's time: no other can have it.</summary>
internal sealed class BlobEarlierSnapshot(IPageBlob blob, string snapshot) : EarlierSnapshot
{
    public override string Description => $"blob snapshot {snapshot} of {blob.Uri}";

    // Whether it is still there shows when the service is asked to compare.
    public override Task<IPageBlobReader?> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IPageBlobReader?>(blob.OpenSnapshot(snapshot));

    public override Task RevokeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task DeleteAsync(CancellationToken cancellationToken) => blob.DeleteSnapshotAsync(snapshot, cancellationToken);
}
