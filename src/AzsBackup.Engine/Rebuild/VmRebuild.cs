using System.Text.Json.Nodes;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>
/// Makes a captured VM again on a stack, around disks that are there, wherever they came from: security groups, public
/// addresses, availability set, interfaces, the VM by attaching the disks, extensions. Networks, load balancers and storage
/// accounts are never made, but used where they are.
/// </summary>
/// <param name="stack">The target.</param>
/// <param name="log">Told what is going on.</param>
public sealed class VmRebuild(IStack stack, IRunLog log)
{
    private static readonly string[] Actions =
    [
        "Microsoft.Compute/virtualMachines/write", "Microsoft.Compute/virtualMachines/delete", "Microsoft.Network/networkInterfaces/write",
        "Microsoft.Network/networkInterfaces/delete", "Microsoft.Network/networkInterfaces/join/action",
    ];

    /// <summary>Says what rebuilding would make, and all that stands in its way. Changes nothing.</summary>
    /// <param name="vm">The captured VM.</param>
    /// <param name="map">How it is to look.</param>
    /// <param name="disks">The disks it will get; their ids may be those they will have.</param>
    /// <param name="cancellationToken">Stops the questions to the stack.</param>
    public async Task<VmRebuildPlan> PlanAsync(CapturedVm vm, VmMap map, IReadOnlyList<RebuildDisk> disks, CancellationToken cancellationToken)
    {
        var notes = new PlanNotes();
        var target = new TargetInventory(stack, map);
        var group = ResourceId.CreateGroup(map.SubscriptionId, map.ResourceGroupName);
        var id = map.IdFor(ResourceTypes.VirtualMachine, map.VmName ?? map.NameFor(vm.Vm.Id.Name, vm.Vm.Id.Name));
        if (await target.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null) notes.Block(MadeResources.NameTaken(id));
        RequireOsDisk(vm, disks, notes);
        var (set, steps) = await PlanSetAsync(vm, map, target, disks, cancellationToken).ConfigureAwait(false);
        var planner = new InterfacePlanner(vm, map, target, notes);
        var interfaces = new List<ResourceId>();
        foreach (var nic in vm.NetworkInterfaces)
        {
            if (await planner.PlanAsync(nic, cancellationToken).ConfigureAwait(false) is { } planned) interfaces.Add(planned);
        }

        await CheckAsync(vm, map, target, disks, group, set is not null && steps.Count > 0, notes, cancellationToken).ConfigureAwait(false);
        var boot = await FindBootStorageAsync(vm, target, notes, cancellationToken).ConfigureAwait(false);
        if (vm.Vm.Find("identity") is not null) notes.Differ("The VM's managed identity belongs to the VM it was: grant the restored one a new identity.");
        return new VmRebuildPlan
        {
            Map = map,
            VmId = id,
            Before = [.. steps, .. planner.Steps],
            VmBody = VmBody.Create(vm, map, stack.Connection.Location, interfaces, set, boot),
            After = map.Extensions ? new VmExtensions(stack, log).Plan(vm, id, notes.Differ) : [],
            Blockers = notes.Blockers,
            Differences = notes.Differences,
        };
    }

    /// <summary>Makes what the plan says. What it makes is remembered in <paramref name="made"/>, which removes it unless it is told to keep it.</summary>
    /// <param name="vm">The captured VM.</param>
    /// <param name="plan">The plan, without blockers.</param>
    /// <param name="disks">The disks, which exist now.</param>
    /// <param name="made">Remembers what is made.</param>
    /// <param name="cancellationToken">Stops between and in requests.</param>
    /// <returns>The VM as the stack made it.</returns>
    public async Task<ResourceBody> RunAsync(
        CapturedVm vm, VmRebuildPlan plan, IReadOnlyList<RebuildDisk> disks, MadeResources made, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Before)
        {
            if (step.IsShared) await made.EnsureAsync(step.Id, Copy(step.Body), cancellationToken).ConfigureAwait(false);
            else await made.PutAsync(step.Id, Copy(step.Body), cancellationToken).ConfigureAwait(false);
            if (step.Then is { } then) await stack.Resources.PutAsync(step.Id, Copy(then), cancellationToken).ConfigureAwait(false);
        }

        var body = VmBody.WithDisks(plan.VmBody, vm, disks);
        var machine = await made.PutAsync(plan.VmId, body, cancellationToken).ConfigureAwait(false);
        await new VmExtensions(stack, log).InstallAsync(plan.After, cancellationToken).ConfigureAwait(false);
        if (!plan.Map.Start) await stack.Resources.PostAsync(plan.VmId, "deallocate", null, cancellationToken).ConfigureAwait(false);
        return machine;
    }

    private static JsonObject Copy(JsonObject body) => body.DeepClone().AsObject();

    private static void RequireOsDisk(CapturedVm vm, IReadOnlyList<RebuildDisk> disks, PlanNotes notes)
    {
        if (disks.Any(disk => disk.Lun is null)) return;
        notes.Block(
            AzsErrorKind.InvalidInput,
            "OsDiskMissing",
            $"VM '{vm.Vm.Id.Name}' can't be made without its OS disk, which is not among the disks chosen.",
            "Include 'os', or restore the disks alone with -DisksOnly.",
            vm.Vm.Id.ToString());
    }

    private static async Task CheckAsync(
        CapturedVm vm, VmMap map, TargetInventory target, IReadOnlyList<RebuildDisk> disks, ResourceId group, bool addsSet, PlanNotes notes, CancellationToken cancellationToken)
    {
        var compute = new ComputeChecks(target, notes);
        var access = new AccessChecks(target, notes);
        var size = map.VmSize ?? vm.Vm.FindText("properties", "hardwareProfile", "vmSize") ?? "";
        foreach (var disk in disks) compute.CheckDisk(disk, Path.GetFileName(disk.Place));
        await notes.CheckAsync("The size", () => compute.CheckSizeAsync(size, disks.Count(disk => disk.Lun is not null), addsSet, 0, cancellationToken)).ConfigureAwait(false);
        await notes.CheckAsync("The marketplace item", () => compute.CheckPlanAsync(vm, cancellationToken)).ConfigureAwait(false);
        await notes.CheckAsync("The locks", () => access.CheckLocksAsync(group, deletes: false, cancellationToken)).ConfigureAwait(false);
        await notes.CheckAsync("The permissions", () => access.CheckActionsAsync(group, Actions, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task<(ResourceId? Set, IReadOnlyList<RebuildStep> Steps)> PlanSetAsync(
        CapturedVm vm, VmMap map, TargetInventory target, IReadOnlyList<RebuildDisk> disks, CancellationToken cancellationToken)
    {
        if (BodyJson.IdAt(vm.Vm.Json, "properties", "availabilitySet") is not { } captured) return (null, []);

        // A VM and its availability set are always in one group.
        var id = map.IdFor(ResourceTypes.AvailabilitySet, captured.Name);
        if (await target.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } there) return (there.Id, []);
        var body = new JsonObject
        {
            ["location"] = target.Location,
            ["sku"] = new JsonObject { ["name"] = disks.All(disk => disk.Blob is null) ? "Aligned" : "Classic" },
        };
        var properties = new JsonObject { ["platformFaultDomainCount"] = 2, ["platformUpdateDomainCount"] = 5 };
        if (vm.Find(captured) is { } source)
        {
            BodyJson.Copy(source.Json, body, "tags");
            if (source.Find("properties") is { } before) BodyJson.Copy(before, properties, "platformFaultDomainCount", "platformUpdateDomainCount");
        }

        body["properties"] = properties;
        return (id, [new RebuildStep(id, body) { IsShared = true }]);
    }

    // An account that is not there would stop the VM from starting.
    private static async Task<string?> FindBootStorageAsync(CapturedVm vm, TargetInventory target, PlanNotes notes, CancellationToken cancellationToken)
    {
        if (vm.Vm.FindText("properties", "diagnosticsProfile", "bootDiagnostics", "storageUri") is not { } address) return null;
        var accounts = await target.ListAsync(ResourceTypes.StorageAccount, cancellationToken).ConfigureAwait(false);
        if (accounts.Any(account => address.TrimEnd('/').Equals(account.FindText("properties", "primaryEndpoints", "blob")?.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))) return address;
        notes.Differ($"The storage account of the VM's boot diagnostics, {address}, is not on {target.HostName}: they are off.");
        return null;
    }
}
