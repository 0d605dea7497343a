using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>A snapshot resource with the read access this process has asked for, and giving both back.</summary>
/// <param name="stack">The stack.</param>
/// <param name="snapshot">The snapshot.</param>
/// <param name="grantDuration">How long access is asked for at a time.</param>
/// <param name="clock">Renews access before it ends; null for reading that is over long before.</param>
internal sealed class ManagedSnapshotAccess(IStack stack, ResourceId snapshot, TimeSpan grantDuration, TimeProvider? clock = null) : IDisposable
{
    private readonly SnapshotGrant _grant = new(stack.Resources, snapshot, grantDuration, clock);

    public ResourceId Snapshot { get; } = snapshot;

    public IPageBlobReader OpenReader() => stack.OpenGrantedDisk(_grant);

    /// <summary>Takes read access back, if it was ever asked for.</summary>
    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        if (_grant.Granted) await stack.Resources.PostAsync(Snapshot, "endGetAccess", null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes read access back and deletes the snapshot. One that is gone already is no error.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RevokeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException)
        {
            // Deleting tells more: if access is still granted, the stack refuses it, and that is what the user must know.
        }

        await stack.Resources.DeleteAsync(Snapshot, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _grant.Dispose();
}
