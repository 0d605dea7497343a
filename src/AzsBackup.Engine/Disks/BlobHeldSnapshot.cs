using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>A blob snapshot of an unmanaged disk.</summary>
internal sealed class BlobHeldSnapshot(IPageBlob blob, IReadOnlyDictionary<string, string> metadata) : HeldSnapshot
{
    private string? _snapshot;

    public override string Description => $"blob snapshot {_snapshot} of {blob.Uri}";

    public override async Task<(IPageBlobReader Reader, DateTime? MadeAt)> MakeAsync(CancellationToken cancellationToken)
    {
        // Not cancelled once sent: the answer holds the snapshot's name, without which it could not be deleted.
        cancellationToken.ThrowIfCancellationRequested();
        _snapshot = await blob.CreateSnapshotAsync(metadata, CancellationToken.None).ConfigureAwait(false);
        return (blob.OpenSnapshot(_snapshot), null);
    }

    public override KeptSnapshot? Reference => _snapshot is { } snapshot ? new KeptSnapshot(snapshot, null) : null;

    public override Task RevokeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task ReleaseAsync(CancellationToken cancellationToken) =>
        _snapshot is { } snapshot ? blob.DeleteSnapshotAsync(snapshot, cancellationToken) : Task.CompletedTask;
}
