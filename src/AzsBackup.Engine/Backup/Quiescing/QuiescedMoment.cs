using System.Collections.Concurrent;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>Freezes VMs together, does something, and thaws every one of them, whatever fails.</summary>
/// <param name="quiescence">How.</param>
/// <param name="clock">The time.</param>
/// <param name="record">Remembers which guests are quiet.</param>
/// <param name="cleanUp">How long thawing may take once the run has been cancelled.</param>
internal sealed class QuiescedMoment(IQuiescence quiescence, TimeProvider clock, IGuestRecord record, TimeSpan cleanUp)
{
    /// <param name="vms">The VMs.</param>
    /// <param name="work">What to do while they are quiet; cancelled when they may not be so any longer.</param>
    /// <param name="cancellationToken">Stops the work; the thawing goes on for as long as cleaning up may take.</param>
    /// <returns>The VMs that may not have been thawed, with what to say of each.</returns>
    /// <exception cref="AzsException"><c>FrozenTooLong</c>, or what freezing or the work threw; then too, all were thawed or are told of.</exception>
    public async Task<IReadOnlyDictionary<VmDescription, AzsException>> RunAsync(
        IReadOnlyList<VmDescription> vms, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var begun = new ConcurrentBag<VmDescription>();
        Exception? failure = null;
        try
        {
            await AllOrNone.RunAsync(vms, (vm, cancelled) => FreezeAsync(vm, begun, cancelled), cancellationToken).ConfigureAwait(false);
            await WorkInTimeAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var notThawed = await ThawAsync(begun, cancellationToken).ConfigureAwait(false);
        if (failure is null) return notThawed;

        // What stopped the backup is one thing; that a guest may be left quiet is worse, and must be seen first.
        if (notThawed.Count > 0) throw Combine(notThawed.Values, failure);
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return notThawed;
    }

    private Task FreezeAsync(VmDescription vm, ConcurrentBag<VmDescription> begun, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        begun.Add(vm);
        return quiescence.FreezeAsync(vm, record, cancellationToken);
    }

    private async Task WorkInTimeAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(quiescence.Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AzsException(
                AzsErrorKind.TimedOut,
                "FrozenTooLong",
                $"The snapshots were not made within the {quiescence.Limit.TotalSeconds:0} s that a guest may stay quiesced.",
                "Try again when the stack is less busy, back fewer VMs up together, or allow more time with -QuiesceLimit.",
                innerException: cancelled);
        }
    }

    private async Task<Dictionary<VmDescription, AzsException>> ThawAsync(IEnumerable<VmDescription> vms, CancellationToken cancellationToken)
    {
        using var limit = CleanUpTime.Start(cleanUp, clock, cancellationToken);
        var results = await Task.WhenAll(vms.Select(async vm =>
        {
            try
            {
                await quiescence.ThawAsync(vm, limit.Token).ConfigureAwait(false);
                await record.CloseAsync(vm).ConfigureAwait(false);
                return (Vm: vm, Failure: (AzsException?)null);
            }
            catch (AzsException failure)
            {
                return (Vm: vm, Failure: failure);
            }
        })).ConfigureAwait(false);
        return results.Where(result => result.Failure is not null).ToDictionary(result => result.Vm, result => result.Failure!);
    }

    private static AzsException Combine(IEnumerable<AzsException> notThawed, Exception failure)
    {
        var all = notThawed.ToList();
        return new AzsException(
            all[0].Kind,
            all[0].ErrorId,
            string.Join(' ', all.Select(one => one.Message)) + " The backup itself failed as well: " + failure.Message,
            all[0].NextStep,
            all[0].Target,
            failure);
    }
}
