using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>A snapshot resource that an earlier point kept.</summary>
internal sealed class ManagedEarlierSnapshot(IResourceClient resources, ManagedSnapshotAccess access, string? madeAt) : EarlierSnapshot
{
    private bool? _isOurs;

    public override string Description => $"snapshot {access.Snapshot}";

    public override async Task<IPageBlobReader?> FindAsync(CancellationToken cancellationToken)
    {
        var body = await resources.FindAsync(access.Snapshot, cancellationToken).ConfigureAwait(false);
        _isOurs = body?.FindText("properties", "timeCreated") is { } text && text == madeAt;

        // A run that was killed could not take back the read access it had: one at a time is granted.
        if (_isOurs.Value && body!.FindText("properties", "diskState") == "ActiveSAS")
            await resources.PostAsync(access.Snapshot, "endGetAccess", null, cancellationToken).ConfigureAwait(false);
        return _isOurs.Value ? access.OpenReader() : null;
    }

    public override Task RevokeAsync(CancellationToken cancellationToken) => access.RevokeAsync(cancellationToken);

    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        // Where nobody built on it, for one because the disk was resized since, nobody has looked at it yet.
        if (_isOurs is null) await FindAsync(cancellationToken).ConfigureAwait(false);
        if (_isOurs == true) await access.DeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        access.Dispose();
        base.Dispose();
    }
}
