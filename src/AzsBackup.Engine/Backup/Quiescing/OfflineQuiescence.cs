using System.Collections.Concurrent;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>
/// Deallocates a running VM and starts it again. One that does not run is left as it is. Power states:
/// Microsoft.Compute instance view, statuses <c>PowerState/…</c>.
/// </summary>
/// <param name="stack">Where the VMs run.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what is done to the VMs.</param>
public sealed class OfflineQuiescence(IStack stack, TimeProvider clock, IRunLog log) : IQuiescence
{
    private const int StartAttempts = 4;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ResourceId, bool> _stopped = new();

    /// <inheritdoc/>
    public AzsConsistency Level => AzsConsistency.Offline;

    /// <inheritdoc/>
    public TimeSpan Limit => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public async Task FreezeAsync(VmDescription vm, IGuestRecord record, CancellationToken cancellationToken)
    {
        var state = await GuestPower.ReadAsync(stack, vm, cancellationToken).ConfigureAwait(false);
        if (state is "deallocated" or "stopped")
        {
            log.Verbose($"VM '{vm.Name}' does not run ({state}), and is left so.");
            return;
        }

        await record.WriteAsync(vm, cancellationToken).ConfigureAwait(false);

        // Noted first: a request that was sent may have been carried out, whatever became of its answer.
        _stopped[vm.Id] = true;
        log.Verbose($"Deallocating VM '{vm.Name}' ({state}).");
        await stack.Resources.PostAsync(vm.Id, "deallocate", null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ThawAsync(VmDescription vm, CancellationToken cancellationToken)
    {
        if (!_stopped.TryRemove(vm.Id, out _)) return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await stack.Resources.PostAsync(vm.Id, "start", null, cancellationToken).ConfigureAwait(false);
                log.Verbose($"Started VM '{vm.Name}'.");
                return;
            }
            catch (AzsException refused) when (attempt < StartAttempts)
            {
                // Still being deallocated, or throttled.
                log.Verbose($"VM '{vm.Name}' could not be started yet: {refused.Message}");
                await Task.Delay(BetweenAttempts, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (AzsException refused)
            {
                throw NotStarted(vm, refused.Message, refused);
            }
            catch (OperationCanceledException cancelled)
            {
                throw NotStarted(vm, "There was no time to wait until it had started.", cancelled);
            }
        }
    }

    private static AzsException NotStarted(VmDescription vm, string reason, Exception inner) => new(
        AzsErrorKind.RemoteFailed,
        "VmNotStarted",
        $"VM '{vm.Name}' was deallocated for its backup and may not be running again. {reason}",
        "Look at it and start it.",
        vm.Id.ToString(),
        inner);
}
