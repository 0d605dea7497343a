using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Restore;

/// <summary>
/// Restores recovery points in place: the VM gets disks with what they held then, and the ones it had are kept beside it until
/// the restore is completed or undone (<see cref="RestoreCompletion"/>). The new disks are whole before the VM is touched; should
/// giving them to it fail, it gets its own back and runs as before.
/// </summary>
/// <param name="vault">The vault, opened.</param>
/// <param name="stack">The stack the VM is on.</param>
/// <param name="budget">The memory all transfers share.</param>
/// <param name="clock">The time.</param>
/// <param name="runIds">Names for what is made on the way.</param>
/// <param name="log">Told what is going on.</param>
public sealed class VmInPlaceRestore(
    BackupVault vault, IStack stack, TransferBudget budget, TimeProvider clock, IRunIdSource runIds, IRunLog log)
{
    private readonly ReplacedDisks _replaced = new(stack);

    /// <summary>Says what a restore would do, and everything that stands in its way. Changes nothing.</summary>
    /// <param name="point">The recovery point.</param>
    /// <param name="options">How; its map's names and group are not looked at: the VM stays what it is.</param>
    /// <param name="cancellationToken">Stops the questions to the stack.</param>
    /// <exception cref="AzsException"><c>PointOfOtherStack</c>, or the point, or a disk of it that is named, is not there.</exception>
    public async Task<InPlaceRestorePlan> PlanAsync(AzsVmRecoveryPoint point, StackRestoreOptions options, CancellationToken cancellationToken)
    {
        var id = ResourceId.Parse(point.VmId);
        if (!point.Stack.Equals(stack.HostName, StringComparison.OrdinalIgnoreCase)) throw OfOtherStack(point);
        var reader = await vault.OpenPointAsync(point.Id, cancellationToken).ConfigureAwait(false);
        var vm = await ReadAsync(id, reader, point, cancellationToken).ConfigureAwait(false);
        var isThere = await stack.Resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null;
        options = options with
        {
            Map = new VmMap { SubscriptionId = id.SubscriptionId, ResourceGroupName = id.ResourceGroupName! },
            Unmanaged = options.Unmanaged ?? VmDescription.Describe(vm.Vm).Disks.All(disk => disk.Blob is not null),
        };
        var notes = new PlanNotes();
        var planned = await new DiskPlanner(stack, point, options, vm, notes) { NameSuffix = $"-{runIds.Next()}" }
            .PlanAsync(cancellationToken).ConfigureAwait(false);
        var before = VmDescription.Describe(vm.Vm).Disks
            .Where(disk => isThere || (disk.ManagedDisk is { } managed && vm.Find(managed) is not null))
            .Select(disk => new RebuildDisk { Lun = disk.Lun, SizeBytes = 0, ManagedDisk = disk.ManagedDisk, Blob = disk.Blob }).ToList();
        var after = before.Where(disk => planned.All(other => other.Target.Lun != disk.Lun)).Concat(planned.Select(disk => disk.Target))
            .OrderBy(disk => disk.Lun ?? -1).ToList();
        await CheckAsync(vm, isThere, planned, after, notes, cancellationToken).ConfigureAwait(false);
        return new InPlaceRestorePlan
        {
            Vm = vm,
            Before = before,
            After = after,
            Disks = new StackRestorePlan
            {
                Point = point,
                Options = options,
                Captured = vm,
                Disks = planned,
                Blockers = notes.Blockers,
                Differences = notes.Differences,
            },
        };
    }

    /// <summary>Restores a point.</summary>
    /// <exception cref="AzsException">The plan has blockers: the first of them. Or what went wrong; then all is as it was.</exception>
    public async Task<AzsVmRestore> RunAsync(InPlaceRestorePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Blockers.Count > 0) throw plan.Blockers[0];
        var meter = new TransferMeter(plan.Disks.Point.VmName, "Restoring in place", clock, log);
        try
        {
            var made = new MadeResources(stack, clock, log, cancellationToken) { CancelledCleanUp = plan.Disks.Options.CancelledCleanUp / 2 };
            await using var removing = made.ConfigureAwait(false);
            var reader = await vault.OpenPointAsync(plan.Disks.Point.Id, cancellationToken).ConfigureAwait(false);
            var sent = await new DiskLanding(stack, budget, clock, runIds, log)
                .RunAsync(reader, plan.Disks.Disks, plan.Disks.Options, made, meter, cancellationToken).ConfigureAwait(false);
            foreach (var disk in plan.Replaced.Where(disk => disk.ManagedDisk is not null))
            {
                made.Remember($"The mark on disk {disk.Place}", cancelled => _replaced.UnmarkAsync(disk.ManagedDisk!, cancelled));
                await _replaced.MarkAsync(plan.VmId, disk, cancellationToken).ConfigureAwait(false);
            }

            await new VmExchange(stack, clock, log).RunAsync(plan.Vm, plan.Before, plan.After, cancellationToken).ConfigureAwait(false);
            made.Keep();
            var replaced = plan.Before.ToDictionary(disk => VmDisk.SlotOf(disk.Lun), disk => disk.Place);
            return RestoreResult.Of(plan.Disks, stack, plan.VmId, sent, meter.Elapsed) with
            {
                Disks = plan.Disks.Disks
                    .Select(disk => RestoreResult.Describe(disk, replaced.GetValueOrDefault(VmDisk.SlotOf(disk.Source.Lun)))).ToList(),
            };
        }
        finally
        {
            meter.Finish();
        }
    }

    private async Task<CapturedVm> ReadAsync(ResourceId id, PointReader reader, AzsVmRecoveryPoint point, CancellationToken cancellationToken)
    {
        if (await stack.Resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } vm)
        {
            log.Warning($"VM '{id.Name}' is not there any more: it is made again from what was captured with it, with the network interfaces it had.");
            vm = (await PointConfiguration.ReadAsync(reader, point, cancellationToken).ConfigureAwait(false)).Vm;
            return CapturedVm.Of(vm, await ReadDisksAsync(vm, cancellationToken).ConfigureAwait(false), stack.HostName);
        }

        var others = new List<ResourceBody>();
        await foreach (var extension in stack.Resources.ListAsync($"{id}/extensions", $"{VmScope.VmType}/extensions", cancellationToken).ConfigureAwait(false)) others.Add(extension);
        others.AddRange(await ReadDisksAsync(vm, cancellationToken).ConfigureAwait(false));
        return CapturedVm.Of(vm, others, stack.HostName);
    }

    private async Task<List<ResourceBody>> ReadDisksAsync(ResourceBody vm, CancellationToken cancellationToken)
    {
        var disks = new List<ResourceBody>();
        foreach (var disk in VmDescription.Describe(vm).Disks)
        {
            if (disk.ManagedDisk is { } managed && await stack.Resources.FindAsync(managed, cancellationToken).ConfigureAwait(false) is { } body) disks.Add(body);
        }

        return disks;
    }

    private async Task CheckAsync(
        CapturedVm vm, bool isThere, IReadOnlyList<PlannedDisk> planned, List<RebuildDisk> after, PlanNotes notes, CancellationToken cancellationToken)
    {
        var id = vm.Vm.Id;
        var map = new VmMap { SubscriptionId = id.SubscriptionId, ResourceGroupName = id.ResourceGroupName! };
        var target = new TargetInventory(stack, map);
        var access = new AccessChecks(target, notes);
        var compute = new ComputeChecks(target, notes);
        var anew = !isThere || planned.Any(disk => disk.Source.Lun is null);
        var size = vm.Vm.FindText("properties", "hardwareProfile", "vmSize");
        string[] actions = anew
            ? ["Microsoft.Compute/virtualMachines/write", "Microsoft.Compute/virtualMachines/delete", "Microsoft.Compute/virtualMachines/deallocate/action", "Microsoft.Network/networkInterfaces/join/action"]
            : ["Microsoft.Compute/virtualMachines/write", "Microsoft.Compute/virtualMachines/deallocate/action", "Microsoft.Compute/virtualMachines/start/action"];
        await notes.CheckAsync("The locks", () => access.CheckLocksAsync(id, deletes: anew, cancellationToken)).ConfigureAwait(false);
        await notes.CheckAsync("The permissions", () => access.CheckActionsAsync(ResourceId.CreateGroup(id.SubscriptionId, id.ResourceGroupName!), actions, cancellationToken)).ConfigureAwait(false);
        await notes.CheckAsync("The size", async () =>
        {
            var freed = isThere ? await compute.CoresOfAsync(size, cancellationToken).ConfigureAwait(false) : 0;
            await compute.CheckSizeAsync(size ?? "", after.Count(disk => disk.Lun is not null), addsSet: false, freed, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        if (anew && isThere && stack.HostName.Equals("management.azure.com", StringComparison.OrdinalIgnoreCase))
        {
            // There, unlike on a stamp, a VM may be set to take its disks and interfaces with it when it is deleted.
            notes.Block(AzsErrorKind.NotSupported, "InPlaceNotOnAzure", "In Azure an OS disk is not restored in place: making the VM anew might delete its disks and interfaces with it.", "Restore the OS disk with -DisksOnly and swap it, or restore data disks alone with -IncludeDisk.", id.ToString());
        }

        if (anew)
        {
            await notes.CheckAsync("The marketplace item", () => compute.CheckPlanAsync(vm, cancellationToken)).ConfigureAwait(false);
            new VmExtensions(stack, log).Plan(vm, id, notes.Differ);
            if (isThere) notes.Differ("The VM is made anew around its disks: it gets another vmId, and role assignments on the VM itself are lost.");
            if (vm.Vm.Find("identity") is not null) notes.Differ("The VM's managed identity is lost with it: grant it a new one.");
        }

        foreach (var nic in vm.NetworkInterfaces)
        {
            if (await target.FindAsync(nic, cancellationToken).ConfigureAwait(false) is null)
                notes.Block(AzsErrorKind.NotFound, "InterfaceMissing", $"The VM's network interface '{nic}' is not there any more.", "Restore to a new VM with -VmName, which makes its interfaces.", nic.ToString());
        }

        if (isThere && (await _replaced.FindAsync(id, cancellationToken).ConfigureAwait(false)).Count > 0)
            notes.Block(AzsErrorKind.Busy, "RestoreNotCompleted", $"VM '{id.Name}' was restored in place before, and the disks it had then are still kept.", "Run Complete-AzsVmRestore first, or go back with its -Undo.", id.ToString());
    }

    private AzsException OfOtherStack(AzsVmRecoveryPoint point) => new(
        AzsErrorKind.InvalidInput,
        "PointOfOtherStack",
        $"VM '{point.VmName}' was backed up on {point.Stack}; it can't be restored in place on {stack.HostName}.",
        "Name the stack it was backed up on with -Stack, or restore to a new VM with -VmName.",
        point.VmId);
}
