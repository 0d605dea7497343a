using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Finds the subnet on the target for each captured one: as the map says, else by name.</summary>
internal sealed class NetworkFinder(CapturedVm vm, VmMap map, TargetInventory target)
{
    /// <summary>The subnet's id and its address prefix, or null with a blocker in <paramref name="notes"/>.</summary>
    public async Task<(ResourceId Id, string? Prefix)?> FindAsync(ResourceId captured, PlanNotes notes, CancellationToken cancellationToken)
    {
        var wanted = map.Subnet ?? Mapped(captured, notes);
        var network = wanted is null
            ? await target.FindSharedAsync(vm, captured.Parent!, cancellationToken).ConfigureAwait(false)
            : await target.FindAsync(wanted.Parent ?? wanted, cancellationToken).ConfigureAwait(false);
        var name = wanted?.Parent is null ? captured.Name : wanted.Name;
        foreach (var subnet in network is null ? [] : BodyJson.Items(network.Json, "properties", "subnets"))
        {
            if (!name.Equals(BodyJson.Text(subnet, "name"), StringComparison.OrdinalIgnoreCase)) continue;
            return (network!.Id.Child("subnets", name), PrefixOf(subnet));
        }

        notes.Block(
            AzsErrorKind.NotFound,
            "SubnetMissing",
            wanted is null
                ? $"The network '{captured.Parent!.Name}' with subnet '{captured.Name}', which the VM was in, is not on {target.HostName}."
                : $"The subnet '{wanted}' is not on {target.HostName}.",
            "Name a subnet with -SubnetId, or map the networks with -NetworkMap.",
            (wanted ?? captured).ToString());
        return null;
    }

    private static string? PrefixOf(JsonElement subnet) =>
        BodyJson.Text(subnet, "properties", "addressPrefix")
        ?? BodyJson.Items(subnet, "properties", "addressPrefixes").Select(prefix => prefix.GetString()).FirstOrDefault();

    private ResourceId? Mapped(ResourceId captured, PlanNotes notes)
    {
        string[] keys = [captured.ToString(), captured.FullName, captured.Parent!.ToString(), captured.Parent.Name];
        var text = keys.Select(key => map.Networks.FirstOrDefault(pair => pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value).FirstOrDefault(value => value is not null);
        if (text is null) return null;
        if (ResourceId.TryParse(text, out var id) && (id.Parent ?? id).IsOfType(ResourceTypes.VirtualNetwork)) return id;
        notes.Block(
            AzsErrorKind.InvalidInput,
            "NetworkMapInvalid",
            $"'{text}' is not the id of a subnet or of a virtual network.",
            "Give ids as -NetworkMap's values: /subscriptions/…/virtualNetworks/<network>/subnets/<subnet>.",
            text);
        return null;
    }
}
