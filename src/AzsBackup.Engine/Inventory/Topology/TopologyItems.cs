using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>Says what is drawn in a subnet and at a network's entrance, and draws together what is too much. Pure.</summary>
internal static class TopologyItems
{
    // What a reader takes in at a glance; more is drawn in groups.
    private const int Most = 18;

    /// <summary>The items of a subnet, at most so many as can be read.</summary>
    public static IReadOnlyList<TopologyItem> Of(SubnetView subnet, ReportText text)
    {
        // A load balancer is drawn at the entrance of its network.
        var items = subnet.Addresses
            .Where(address => address.Kind != SubnetAddressKind.LoadBalancer)
            .GroupBy(address => address.Vm ?? address.Owner)
            .Select(same => Of(same.Key, same.ToList()))
            .ToList();
        if (items.Count <= Most) return items;
        var grouped = items
            .GroupBy(item => (item.Kind, item.Group))
            .SelectMany(same => same.Count() < 2 ? same.ToList() : [Together(subnet, same.Key.Group, same.ToList(), text)])
            .ToList();
        if (grouped.Count <= Most) return grouped;
        var more = new TopologyItem("more", text.Format("topology.more", grouped.Count - Most + 1), "", subnet.Anchor, false, "", []);
        return [.. grouped.Take(Most - 1), more];
    }

    /// <summary>The load balancers of a network: those with a front end, or machines behind them, in it.</summary>
    public static IReadOnlyList<TopologyItem> BalancersOf(VirtualNetworkView network, ResourceInventory inventory)
    {
        var inNetwork = network.Subnets.SelectMany(subnet => subnet.Addresses.Select(address => (Subnet: subnet, Address: address))).ToList();
        return inventory.OfType("Microsoft.Network/loadBalancers").Select(balancer =>
        {
            var behind = inNetwork
                .Where(pair => pair.Address.Kind == SubnetAddressKind.NetworkInterface && IsBehind(pair.Address.Owner, balancer))
                .Select(pair => pair.Subnet.Id).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            var isFront = inNetwork.Any(pair => pair.Address.Owner == balancer);
            return (Balancer: balancer, Behind: behind, IsHere: isFront || behind.Count > 0);
        }).Where(found => found.IsHere).Select(found =>
        {
            var addresses = found.Balancer.Body.ItemsAt("properties", "frontendIPConfigurations").Select(front =>
                inventory.Find(front.TextAt("properties", "publicIPAddress", "id")) is { } outside
                    ? (Text: outside.Body.TextAt("properties", "ipAddress") ?? outside.Name, IsPublic: true)
                    : (Text: front.TextAt("properties", "privateIPAddress") ?? "", IsPublic: false)).ToList();
            return new TopologyItem(
                "lb", found.Balancer.Name, string.Join(", ", addresses.Select(address => address.Text).Where(address => address.Length > 0)),
                found.Balancer.Anchor, addresses.Exists(address => address.IsPublic), "", found.Behind);
        }).ToList();
    }

    private static bool IsBehind(InventoryResource nic, InventoryResource balancer)
    {
        var below = balancer.Id + "/";
        return nic.Body.ItemsAt("properties", "ipConfigurations")
            .SelectMany(configuration => configuration.ItemsAt("properties", "loadBalancerBackendAddressPools")
                .Concat(configuration.ItemsAt("properties", "loadBalancerInboundNatRules")))
            .Any(part => part.TextAt("id")?.StartsWith(below, StringComparison.OrdinalIgnoreCase) == true);
    }

    private static TopologyItem Of(InventoryResource owner, List<SubnetAddress> addresses)
    {
        var inside = addresses.Select(address => address.Address).OfType<string>().ToList();
        var outside = addresses.Select(address => address.PublicAddress).OfType<InventoryResource>()
            .Select(address => address.Body.TextAt("properties", "ipAddress") ?? address.Name).ToList();
        var kind = addresses[0].Kind switch
        {
            SubnetAddressKind.Gateway => "gateway",
            SubnetAddressKind.ScaleSet => "scale",
            _ => addresses[0].Vm is null ? "nic" : "vm",
        };
        var size = owner.Body.NumberAt("sku", "capacity") is { } instances && kind == "scale" ? [$"×{instances}"] : Array.Empty<string>();
        var detail = string.Join(" · ", inside.Concat(size).Concat(outside));
        return new TopologyItem(kind, owner.Name, detail, owner.Anchor, outside.Count > 0, GroupOf(owner), []);
    }

    // Machines of one availability set belong together; else those whose names differ in a number only.
    private static string GroupOf(InventoryResource owner) =>
        owner.Body.TextAt("properties", "availabilitySet", "id") is { } set
            ? set[(set.LastIndexOf('/') + 1)..].ToLowerInvariant()
            : owner.Name.ToLowerInvariant().TrimEnd("0123456789".ToCharArray()).TrimEnd('-', '_') + "…";

    private static TopologyItem Together(SubnetView subnet, string group, List<TopologyItem> items, ReportText text)
    {
        var addresses = items.Select(item => Ipv4.Address(item.Detail.Split(' ')[0])).OfType<long>().ToList();
        var detail = addresses.Count == 0 ? "" : $"{Ipv4.Text(addresses.Min())} – {Ipv4.Text(addresses.Max())}";
        return items[0] with
        {
            Name = text.Format("topology.group", group, items.Count),
            Detail = detail,
            Target = subnet.Anchor,
            IsPublic = items.Exists(item => item.IsPublic),
        };
    }
}
