using System.Text.Json.Nodes;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Proving;

/// <summary>
/// Boots recovery points on a stack, each in a resource group and a network of its own that lead nowhere, with generated names,
/// without public addresses, load balancers and extensions. What it made is removed in every case; what can't be removed is
/// warned of by name.
/// </summary>
/// <param name="restore">Restores from the vault to the stack.</param>
/// <param name="stack">The stack.</param>
/// <param name="options">How.</param>
/// <param name="clock">The time.</param>
/// <param name="runIds">Names for what is made.</param>
/// <param name="log">Told what is going on.</param>
public sealed class BootTrial(VmStackRestore restore, IStack stack, BootOptions options, TimeProvider clock, IRunIdSource runIds, IRunLog log) : IBootTrial
{
    private const string TagName = "azsbackup-drill";

    /// <inheritdoc/>
    public async Task<BootResult> RunAsync(AzsVmRecoveryPoint point, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var drill = $"azsbackup-drill-{runIds.Next()}";
        var group = ResourceId.CreateGroup(stack.Connection.SubscriptionId, options.ResourceGroupName ?? drill);
        var own = await MayMakeAsync(group, cancellationToken).ConfigureAwait(false);
        var made = new MadeResources(stack, clock, log, cancellationToken) { CancelledCleanUp = options.CancelledCleanUp / 2 };
        await using var removing = made.ConfigureAwait(false);
        if (own)
        {
            // A group is removed with all in it: one request, which the stack carries out even when nobody waits for it.
            made.Remember(group.ToString(), cancelled => stack.Resources.DeleteAsync(group, cancelled));
            await stack.Resources.PutAsync(group, new JsonObject { ["location"] = stack.Connection.Location, ["tags"] = Tags(point) }, cancellationToken).ConfigureAwait(false);
        }

        var subnet = await MakeNetworkAsync(group, drill, point, made, own, cancellationToken).ConfigureAwait(false);
        var plan = await restore.PlanAsync(point, Options(point, group, drill, subnet), cancellationToken).ConfigureAwait(false);
        var restored = await restore.RunAsync(plan, cancellationToken).ConfigureAwait(false);
        if (!own) Remember(plan, made);
        var vm = ResourceId.Parse(restored.VmId!);
        log.Verbose($"{point} was restored as {vm}; waiting until it is up.");
        var failure = await new GuestWatch(stack, options, clock).WaitAsync(vm, cancellationToken).ConfigureAwait(false);
        return new BootResult(failure is null ? clock.GetElapsedTime(began) : null, failure);
    }

    /// <summary>Whether the group has to be made; one that is there must be empty, so that nothing of somebody else's is joined or removed.</summary>
    private async Task<bool> MayMakeAsync(ResourceId group, CancellationToken cancellationToken)
    {
        if (await stack.Resources.FindAsync(group, cancellationToken).ConfigureAwait(false) is null) return true;
        await foreach (var resource in stack.Resources.ListAsync($"{group}/resources", "Microsoft.Resources/resources", cancellationToken).ConfigureAwait(false))
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "DrillGroupNotEmpty",
                $"The resource group '{group.Name}' on {stack.HostName} is not empty: it has '{resource.Id.Name}'.",
                "Leave -ResourceGroupName out, or give a name that is not taken or a group that is empty: everything in it is removed afterwards.",
                group.ToString());
        }

        return false;
    }

    private async Task<ResourceId> MakeNetworkAsync(
        ResourceId group, string drill, AzsVmRecoveryPoint point, MadeResources made, bool own, CancellationToken cancellationToken)
    {
        var security = ResourceId.Create(group.SubscriptionId!, group.Name, ResourceTypes.SecurityGroup, $"{drill}-nsg");
        var network = ResourceId.Create(group.SubscriptionId!, group.Name, ResourceTypes.VirtualNetwork, $"{drill}-vnet");
        await MakeAsync(security, IsolatedNetwork.SecurityGroup(stack.Connection.Location, Tags(point))).ConfigureAwait(false);
        await MakeAsync(network, IsolatedNetwork.Network(stack.Connection.Location, Tags(point), security)).ConfigureAwait(false);
        return network.Child("subnets", IsolatedNetwork.SubnetName);

        Task<ResourceBody> MakeAsync(ResourceId id, JsonObject body) =>
            own ? stack.Resources.PutAsync(id, body, cancellationToken) : made.PutAsync(id, body, cancellationToken);
    }

    private StackRestoreOptions Options(AzsVmRecoveryPoint point, ResourceId group, string drill, ResourceId subnet) => new()
    {
        Map = new VmMap
        {
            SubscriptionId = group.SubscriptionId!,
            ResourceGroupName = group.Name,
            NamePrefix = drill + "-",
            VmSize = options.VmSize,
            Subnet = subnet,
            NewAddresses = true,
            PublicAddresses = false,
            JoinLoadBalancers = false,
            Extensions = false,
            Tags = new Dictionary<string, string> { [TagName] = point.Id },
        },
        Unmanaged = false,
        CancelledCleanUp = options.CancelledCleanUp / 2,
    };

    /// <summary>Takes over what the restore made and has kept: the VM goes first, then what it uses.</summary>
    private void Remember(StackRestorePlan plan, MadeResources made)
    {
        foreach (var disk in plan.Disks) Add(ResourceId.Parse(disk.Target.Place));
        foreach (var step in plan.Rebuild!.Before) Add(step.Id);
        Add(plan.Rebuild.VmId);

        void Add(ResourceId id) => made.Remember(id.ToString(), cancelled => stack.Resources.DeleteAsync(id, cancelled));
    }

    private static JsonObject Tags(AzsVmRecoveryPoint point) => new() { [TagName] = point.Id };
}
