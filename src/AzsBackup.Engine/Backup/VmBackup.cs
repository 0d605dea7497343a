using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Backup.Resuming;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>Backs VMs of one stack up to one vault. Safe for several VMs at once.</summary>
public sealed class VmBackup : IDisposable
{
    private readonly BackupTools _tools;
    private readonly SemaphoreSlim _historyTurn = new(1, 1);
    private StackHistory? _history;

    /// <summary>Makes one.</summary>
    /// <param name="stack">Where the VMs run.</param>
    /// <param name="vault">Where the points go.</param>
    /// <param name="catalog">Describes the points made.</param>
    /// <param name="budget">The memory all transfers share.</param>
    /// <param name="clock">The time.</param>
    /// <param name="runIds">Names for snapshots.</param>
    /// <param name="random">Chooses the samples.</param>
    /// <param name="log">Told what is going on.</param>
    public VmBackup(
        IStack stack,
        BackupVault vault,
        VmPointCatalog catalog,
        TransferBudget budget,
        TimeProvider clock,
        IRunIdSource runIds,
        IRandomNumbers random,
        IRunLog log) => _tools = new BackupTools(stack, vault, catalog, budget, clock, runIds, random, log);

    /// <summary>Looks at the VM and says what a backup would do. Changes nothing.</summary>
    /// <exception cref="AzsException">The VM is not there, or can't be backed up as asked.</exception>
    public async Task<VmBackupPlan> PlanAsync(ResourceId vmId, VmBackupOptions options, CancellationToken cancellationToken)
    {
        var vm = await VmDescription.ReadAsync(_tools.Stack, vmId, cancellationToken).ConfigureAwait(false);
        var disks = options.Disks.Choose(vm.Name, vm.Disks, disk => (disk.Name, disk.Lun));
        VmReadiness.Check(vm, disks, _tools.Log);
        return new VmBackupPlan(vm, disks, options);
    }

    /// <summary>
    /// Makes a recovery point of each VM; the snapshots of all of them are made together, while all are quiet. If a point is
    /// made, its snapshots stay on the stack where they help the next run, and those of the VM's point before are deleted; if
    /// not, the snapshots made for it are given back, whatever happened. Once the snapshots are made, one VM that fails does
    /// not stop the others.
    /// </summary>
    /// <param name="plans">The VMs; one, or a group that belongs together.</param>
    /// <param name="quiescence">How they are made quiet.</param>
    /// <param name="done">Told how each ended, as soon as it did; called concurrently.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="AzsException">The snapshots could not be made, so that no VM of the group is backed up.</exception>
    public async Task RunAsync(
        IReadOnlyList<VmBackupPlan> plans,
        IQuiescence quiescence,
        Func<VmBackupOutcome, CancellationToken, Task> done,
        CancellationToken cancellationToken)
    {
        var history = await LoadHistoryAsync(cancellationToken).ConfigureAwait(false);
        var runs = plans.Select(plan => new VmBackupRun(_tools, history, plan, plans.Count == 1, cancellationToken)).ToList();
        try
        {
            await AllOrNone.RunAsync(runs, (run, cancelled) => run.PrepareAsync(cancelled), cancellationToken).ConfigureAwait(false);
            var moment = new QuiescedMoment(
                quiescence, _tools.Clock, new GuestRecord(runs, quiescence.Level, _tools.Clock), plans.Max(plan => plan.Options.Snapshots.CancelledCleanUp));
            var notThawed = await moment.RunAsync(
                plans.Select(plan => plan.Vm).ToList(),
                limited => AllOrNone.RunAsync(runs, (run, cancelled) => run.MakeSnapshotsAsync(cancelled), limited),
                cancellationToken).ConfigureAwait(false);
            var times = runs.SelectMany(run => run.SnapshotTimes).ToList();
            var reached = new ReachedConsistency(quiescence.Level, times.Max() - times.Min());
            await Task.WhenAll(runs.Select(run =>
                FinishAsync(run, reached, notThawed.GetValueOrDefault(run.Plan.Vm), done, cancellationToken))).ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAll(runs.Select(run => run.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _historyTurn.Dispose();

    private static async Task FinishAsync(
        VmBackupRun run,
        ReachedConsistency reached,
        AzsException? notThawed,
        Func<VmBackupOutcome, CancellationToken, Task> done,
        CancellationToken cancellationToken)
    {
        VmBackupOutcome outcome;
        try
        {
            outcome = new VmBackupOutcome(run.Plan, await run.FinishAsync(reached, cancellationToken).ConfigureAwait(false), notThawed);
        }
        catch (AzsException failure)
        {
            outcome = new VmBackupOutcome(run.Plan, null, notThawed ?? failure);
        }

        // Its snapshots are not needed any more: a VM of a large group need not hold them until the last one is done.
        await run.DisposeAsync().ConfigureAwait(false);
        await done(outcome, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StackHistory> LoadHistoryAsync(CancellationToken cancellationToken)
    {
        await _historyTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_history is not null) return _history;
            await new GuestRecovery(_tools).RunAsync(cancellationToken).ConfigureAwait(false);
            return _history = await StackHistory.LoadAsync(_tools.Vault, _tools.SourceName, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _historyTurn.Release();
        }
    }
}
