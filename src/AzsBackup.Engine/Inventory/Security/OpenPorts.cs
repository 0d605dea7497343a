using System.Text.Json;
using AzsBackup.Engine.Inventory.Network;

namespace AzsBackup.Engine.Inventory.Security;

/// <summary>
/// Works out which ports of which NICs are open to whom: what the network security group of the NIC and that of its subnet both
/// let in. What goes out, and firewalls inside the guests, are not looked at. Pure.
/// </summary>
public static class OpenPorts
{
    private static readonly string[] Protocols = ["Tcp", "Udp"];

    /// <summary>What is open, the exposed ones first, then by VM, NIC and sender.</summary>
    public static IReadOnlyList<OpenPort> Find(ResourceInventory inventory, IReadOnlyList<VirtualNetworkView> networks)
    {
        var vms = NetworkReading.VmOfNics(inventory);
        var filters = networks.ToDictionary(network => network.Resource, network => new InboundFilter(Space(networks, network)));
        return inventory.OfType("Microsoft.Network/networkInterfaces")
            .SelectMany(nic => nic.Body.ItemsAt("properties", "ipConfigurations")
                .SelectMany(configuration => Find(inventory, filters, nic, vms.GetValueOrDefault(nic), configuration)))
            .OrderByDescending(open => open.IsExposed)
            .ThenByDescending(open => open.IsFromOutside)
            .ThenByDescending(open => !open.Reachable.IsEmpty)
            .ThenBy(open => (open.Vm ?? open.Nic).Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(open => open.Nic.Id.ToString(), StringComparer.OrdinalIgnoreCase)
            .ToList();
    }

    /// <summary>The rules that name an address or tag of unknown meaning: they could not be counted.</summary>
    public static IEnumerable<(InventoryResource SecurityGroup, SecurityRule Rule)> Unclear(ResourceInventory inventory)
    {
        var filter = new InboundFilter(IntervalSet.None);
        return inventory.OfType("Microsoft.Network/networkSecurityGroups").SelectMany(group => SecurityRule.Of(group.Body)
            .Where(rule => rule.IsInbound && filter.IsUnclear(rule)).Select(rule => (group, rule)));
    }

    private static IEnumerable<OpenPort> Find(
        ResourceInventory inventory, Dictionary<InventoryResource, InboundFilter> filters, InventoryResource nic, InventoryResource? vm, JsonElement configuration)
    {
        var subnetId = configuration.TextAt("properties", "subnet", "id");
        if (inventory.Find(subnetId) is not { } network || !filters.TryGetValue(network, out var filter)) yield break;
        var subnet = network.Body.ItemsAt("properties", "subnets")
            .FirstOrDefault(candidate => network.Id.Child("subnets", candidate.TextAt("name") ?? "?").ToString().Equals(subnetId, StringComparison.OrdinalIgnoreCase));
        var groupOfSubnet = inventory.Find(subnet.TextAt("properties", "networkSecurityGroup", "id"));
        var groupOfNic = inventory.Find(nic.Body.TextAt("properties", "networkSecurityGroup", "id"));
        var address = configuration.TextAt("properties", "privateIPAddress");
        var entrances = PublicEntrances.To(inventory, configuration).ToList();
        foreach (var (region, isOutside) in new[] { (filter.Internet, true), (filter.NetworkSpace, false) })
        {
            var open = Protocols.SelectMany(protocol => filter.Allowed(groupOfSubnet, protocol, address)
                .Intersect(filter.Allowed(groupOfNic, protocol, address)).Within(region)
                .Select(part => (Protocol: protocol, part.Sources, part.Ports)));
            foreach (var same in open.GroupBy(part => (part.Sources, part.Ports)))
            {
                var protocol = same.Count() == Protocols.Length ? "*" : same.First().Protocol;
                yield return new OpenPort
                {
                    Nic = nic,
                    Vm = vm,
                    Address = address,
                    IsFromOutside = isOutside,
                    IsFromAll = same.Key.Sources.Equals(region),
                    Sources = same.Key.Sources,
                    Protocol = protocol,
                    Ports = same.Key.Ports,
                    Entrances = isOutside ? entrances.Where(entrance => IsFor(entrance, protocol) && !entrance.Ports.Intersect(same.Key.Ports).IsEmpty).ToList() : [],
                };
            }
        }
    }

    private static bool IsFor(PublicEntrance entrance, string protocol) =>
        protocol == "*" ? entrance.IsFor("Tcp") || entrance.IsFor("Udp") : entrance.IsFor(protocol);

    // The tag means the network itself, the networks peered with it, and what its VPN gateways lead to.
    private static IntervalSet Space(IReadOnlyList<VirtualNetworkView> networks, VirtualNetworkView network)
    {
        var peered = network.Peerings.SelectMany(peering => networks.Where(other => other.Resource.Id.ToString().Equals(peering.RemoteId, StringComparison.OrdinalIgnoreCase)));
        var prefixes = network.Prefixes.Concat(peered.SelectMany(other => other.Prefixes)).Concat(network.Connections
            .SelectMany(connection => connection.LocalGateway?.Body.TextsAt("properties", "localNetworkAddressSpace", "addressPrefixes") ?? []));
        return IntervalSet.Of(prefixes.SelectMany(prefix => Ipv4.Parse(prefix)?.Intervals ?? []));
    }
}
