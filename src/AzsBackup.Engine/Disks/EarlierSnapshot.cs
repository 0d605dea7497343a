using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>A snapshot that an earlier point left on the stack, so that the stack can tell what changed since.</summary>
internal abstract class EarlierSnapshot : IDisposable
{
    /// <summary>What it is called in a warning when it could not be given back.</summary>
    public abstract string Description { get; }

    /// <summary>Opens the one a point refers to; makes no request for a managed disk.</summary>
    public static async Task<EarlierSnapshot?> OpenAsync(
        IStack stack, VmDescription vm, VmDisk disk, KeptSnapshot kept, TimeSpan grantDuration, CancellationToken cancellationToken)
    {
        if (disk.Blob is { } blob)
        {
            return new BlobEarlierSnapshot(
                await StorageAccounts.OpenBlobAsync(stack, vm.Id.SubscriptionId, blob, cancellationToken).ConfigureAwait(false), kept.Id);
        }

        return ResourceId.TryParse(kept.Id, out var id)
            ? new ManagedEarlierSnapshot(stack.Resources, new ManagedSnapshotAccess(stack, id, grantDuration), kept.MadeAt)
            : null;
    }

    /// <summary>A reader of it; null if it is gone, or another one has its name now.</summary>
    public abstract Task<IPageBlobReader?> FindAsync(CancellationToken cancellationToken);

    /// <summary>Revokes access to it; it stays for the next run.</summary>
    public abstract Task RevokeAsync(CancellationToken cancellationToken);

    /// <summary>Deletes it: a newer point has taken its place. One that is gone already is no error.</summary>
    public abstract Task DeleteAsync(CancellationToken cancellationToken);

    /// <summary>Frees what this object holds in this process; makes no request.</summary>
    public virtual void Dispose()
    {
    }
}
