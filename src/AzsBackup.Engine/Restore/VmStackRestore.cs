using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Restore;

/// <summary>
/// Restores recovery points of one vault onto a stack, as disks or as whole VMs. What a restore made is removed again unless all
/// of it went well; nothing that was there before is touched. Needs nothing of the stack the VM ran on.
/// </summary>
/// <param name="vault">The vault, opened.</param>
/// <param name="stack">The target.</param>
/// <param name="budget">The memory all transfers share.</param>
/// <param name="clock">The time.</param>
/// <param name="runIds">Names for what is made on the way.</param>
/// <param name="log">Told what is going on.</param>
public sealed class VmStackRestore(
    BackupVault vault, IStack stack, TransferBudget budget, TimeProvider clock, IRunIdSource runIds, IRunLog log)
{
    /// <summary>Says what a restore would make, and everything that stands in its way. Changes nothing.</summary>
    /// <exception cref="AzsException">The point, or a disk of it that is named, is not there.</exception>
    public async Task<StackRestorePlan> PlanAsync(AzsVmRecoveryPoint point, StackRestoreOptions options, CancellationToken cancellationToken)
    {
        var reader = await vault.OpenPointAsync(point.Id, cancellationToken).ConfigureAwait(false);
        var captured = await PointConfiguration.FindAsync(reader, point, options.DisksOnly, cancellationToken).ConfigureAwait(false);
        var notes = new PlanNotes();
        var planner = new DiskPlanner(stack, point, options, captured, notes);
        var disks = await planner.PlanAsync(cancellationToken).ConfigureAwait(false);
        var rebuild = options.DisksOnly
            ? null
            : await new VmRebuild(stack, log)
                .PlanAsync(captured!, options.Map, disks.Select(disk => disk.Target).ToList(), cancellationToken).ConfigureAwait(false);
        foreach (var blocker in rebuild?.Blockers ?? []) notes.Block(blocker);
        foreach (var difference in rebuild?.Differences ?? []) notes.Differ(difference);
        foreach (var missing in rebuild is null ? [] : point.MissingConfiguration)
        {
            notes.Differ($"'{missing}' could not be read when the VM was backed up: nothing of its configuration is restored.");
        }

        return new StackRestorePlan
        {
            Point = point,
            Options = options,
            Captured = captured,
            Disks = disks,
            Rebuild = rebuild,
            Blockers = notes.Blockers,
            Differences = notes.Differences,
        };
    }

    /// <summary>Restores a point.</summary>
    /// <exception cref="AzsException">The plan has blockers: the first of them. Or what went wrong; then what was made is gone again.</exception>
    public async Task<AzsVmRestore> RunAsync(StackRestorePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Blockers.Count > 0) throw plan.Blockers[0];
        var map = plan.Options.Map;
        var meter = new TransferMeter(plan.Point.VmName, $"Restoring to {stack.HostName}", clock, log);
        try
        {
            var made = new MadeResources(stack, clock, log, cancellationToken) { CancelledCleanUp = plan.Options.CancelledCleanUp / 2 };
            await using var removing = made.ConfigureAwait(false);
            var reader = await vault.OpenPointAsync(plan.Point.Id, cancellationToken).ConfigureAwait(false);
            var group = ResourceId.CreateGroup(map.SubscriptionId, map.ResourceGroupName);
            await made.EnsureGroupAsync(group, stack.Connection.Location, cancellationToken).ConfigureAwait(false);
            var sent = await new DiskLanding(stack, budget, clock, runIds, log)
                .RunAsync(reader, plan.Disks, plan.Options, made, meter, cancellationToken).ConfigureAwait(false);
            var vm = plan.Rebuild is { } rebuild
                ? await new VmRebuild(stack, log).RunAsync(
                    plan.Captured!, rebuild, plan.Disks.Select(disk => disk.Target).ToList(), made, cancellationToken).ConfigureAwait(false)
                : null;
            made.Keep();
            return RestoreResult.Of(plan, stack, vm?.Id, sent, meter.Elapsed);
        }
        finally
        {
            meter.Finish();
        }
    }
}
