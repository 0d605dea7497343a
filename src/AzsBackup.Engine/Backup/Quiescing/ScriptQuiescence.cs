using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>Quiesces applications by the user's own scripts.</summary>
/// <param name="before">Makes the guest quiet.</param>
/// <param name="after">Lets it go on; run whatever happened to <paramref name="before"/>.</param>
/// <param name="limit">The longest time between the two.</param>
public sealed class ScriptQuiescence(IGuestScript before, IGuestScript? after, TimeSpan limit) : IQuiescence
{
    /// <inheritdoc/>
    public AzsConsistency Level => AzsConsistency.Application;

    /// <inheritdoc/>
    public TimeSpan Limit => limit;

    /// <inheritdoc/>
    public async Task FreezeAsync(VmDescription vm, IGuestRecord record, CancellationToken cancellationToken)
    {
        await record.WriteAsync(vm, cancellationToken).ConfigureAwait(false);
        await before.RunAsync(vm, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ThawAsync(VmDescription vm, CancellationToken cancellationToken)
    {
        if (after is null) return;
        try
        {
            await after.RunAsync(vm, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            throw new AzsException(
                AzsErrorKind.TimedOut,
                "PostSnapshotCancelled",
                $"-PostSnapshot for VM '{vm.Name}' had no time to end; the guest may still be quiesced.",
                "Look at the guest and let it go on.",
                vm.Id.ToString(),
                cancelled);
        }
    }
}
