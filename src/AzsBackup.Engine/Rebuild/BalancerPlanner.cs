using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Joins interfaces to the load balancers on the target that stand for those the VM was behind.</summary>
internal sealed class BalancerPlanner(CapturedVm vm, VmMap map, TargetInventory target, PlanNotes notes)
{
    // The property of the interface's configuration, and that of the load balancer.
    private static readonly (string Property, string Parts)[] Memberships =
        [("loadBalancerBackendAddressPools", "backendAddressPools"), ("loadBalancerInboundNatRules", "inboundNatRules")];

    /// <summary>Adds the memberships of a captured configuration that the target can give.</summary>
    public async Task JoinAsync(JsonElement captured, JsonObject properties, CancellationToken cancellationToken)
    {
        foreach (var (property, parts) in Memberships)
        {
            var joined = new JsonArray();
            foreach (var part in BodyJson.Items(captured, "properties", property).Select(item => BodyJson.IdIn(item)).OfType<ResourceId>())
            {
                if (await FindAsync(part, parts, cancellationToken).ConfigureAwait(false) is { } there) joined.Add(BodyJson.Reference(there));
            }

            if (joined.Count > 0) properties[property] = joined;
        }
    }

    private async Task<ResourceId?> FindAsync(ResourceId captured, string parts, CancellationToken cancellationToken)
    {
        if (map.JoinLoadBalancers == false) return null;
        var described = $"'{captured.Name}' of load balancer '{captured.Parent!.Name}'";
        if (map.JoinLoadBalancers is null && target.IsSourceOf(vm) && await target.FindAsync(vm.Vm.Id, cancellationToken).ConfigureAwait(false) is not null)
        {
            notes.Differ($"The original VM is still there: the restored one does not join {described}, whose traffic it would share.");
            return null;
        }

        if (await target.FindSharedAsync(vm, captured.Parent, cancellationToken).ConfigureAwait(false) is not { } balancer
            || !BodyJson.Items(balancer.Json, "properties", parts).Any(part => IsNamed(part, captured.Name)))
        {
            notes.Differ($"There is no {described} on {target.HostName}: the VM does not join it.");
            return null;
        }

        var rule = BodyJson.Items(balancer.Json, "properties", parts).First(part => IsNamed(part, captured.Name));
        if (BodyJson.Value(rule, "properties", "backendIPConfiguration") is not null)
        {
            notes.Differ($"The inbound NAT rule {described} leads to another VM: the restored one does not get it.");
            return null;
        }

        return balancer.Id.Child(parts, captured.Name);
    }

    private static bool IsNamed(JsonElement part, string name) => name.Equals(BodyJson.Text(part, "name"), StringComparison.OrdinalIgnoreCase);
}
