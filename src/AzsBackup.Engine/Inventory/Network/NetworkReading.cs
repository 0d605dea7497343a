
namespace AzsBackup.Engine.Inventory.Network;

/// <summary>Finds out what is in which subnet. Pure.</summary>
public static class NetworkReading
{
    private const string NetworkType = "Microsoft.Network/virtualNetworks";

    /// <summary>The networks, in the inventory's order.</summary>
    public static IReadOnlyList<VirtualNetworkView> Read(ResourceInventory inventory)
    {
        var bySubnet = Addresses(inventory).ToLookup(pair => pair.SubnetId, pair => pair.Item, StringComparer.OrdinalIgnoreCase);
        return inventory.OfType(NetworkType).Select(network => Read(inventory, network, bySubnet)).ToList();
    }

    private static VirtualNetworkView Read(ResourceInventory inventory, InventoryResource network, ILookup<string, SubnetAddress> bySubnet)
    {
        var subnets = network.Body.ItemsAt("properties", "subnets")
            .Select(subnet => (Id: network.Id.Child("subnets", subnet.TextAt("name") ?? "?").ToString(), Body: subnet))
            .Select(subnet => new SubnetView(subnet.Id, subnet.Body.TextAt("name") ?? "?", subnet.Body, bySubnet[subnet.Id]
                .OrderBy(item => Ipv4.Address(item.Address) ?? long.MaxValue)
                .ThenBy(item => item.Owner.Name, StringComparer.OrdinalIgnoreCase).ToList()))
            .OrderBy(subnet => subnet.Prefixes.Select(prefix => Ipv4.Parse(prefix)?.Intervals[0].First).FirstOrDefault() ?? long.MaxValue)
            .ThenBy(subnet => subnet.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var gateways = inventory.OfType("Microsoft.Network/virtualNetworkGateways")
            .Where(gateway => gateway.Body.ItemsAt("properties", "ipConfigurations")
                .Any(configuration => inventory.Find(configuration.TextAt("properties", "subnet", "id")) == network))
            .ToList();
        var connections = inventory.OfType("Microsoft.Network/connections")
            .Where(connection => gateways.Contains(inventory.Find(connection.Body.TextAt("properties", "virtualNetworkGateway1", "id"))!))
            .Select(connection => (connection, inventory.Find(connection.Body.TextAt("properties", "localNetworkGateway2", "id"))))
            .ToList();
        return new VirtualNetworkView(network, subnets, Peerings(inventory, network), gateways, connections);
    }

    // A stack gives peerings with their network; a capture may hold them as children too.
    private static List<PeeringView> Peerings(ResourceInventory inventory, InventoryResource network) => network.Body
        .ItemsAt("properties", "virtualNetworkPeerings")
        .Concat(inventory.OfType($"{NetworkType}/virtualNetworkPeerings").Where(peering => network.Id.Equals(peering.Id.Parent)).Select(peering => peering.Body))
        .Select(peering => (Name: peering.TextAt("name"), Remote: peering.TextAt("properties", "remoteVirtualNetwork", "id"), State: peering.TextAt("properties", "peeringState")))
        .Where(peering => peering.Remote is not null)
        .DistinctBy(peering => peering.Remote, StringComparer.OrdinalIgnoreCase)
        .Select(peering => new PeeringView(peering.Name ?? "?", peering.Remote!, peering.State))
        .OrderBy(peering => peering.Name, StringComparer.OrdinalIgnoreCase)
        .ToList();

    private static IEnumerable<(string SubnetId, SubnetAddress Item)> Addresses(ResourceInventory inventory) =>
        Configured(inventory, "Microsoft.Network/networkInterfaces", "ipConfigurations", SubnetAddressKind.NetworkInterface)
            .Concat(Configured(inventory, "Microsoft.Network/loadBalancers", "frontendIPConfigurations", SubnetAddressKind.LoadBalancer))
            .Concat(Configured(inventory, "Microsoft.Network/virtualNetworkGateways", "ipConfigurations", SubnetAddressKind.Gateway))
            .Concat(ScaleSets(inventory));

    private static IEnumerable<(string SubnetId, SubnetAddress Item)> Configured(
        ResourceInventory inventory, string type, string collection, SubnetAddressKind kind)
    {
        var vms = kind == SubnetAddressKind.NetworkInterface ? VmOfNics(inventory) : new Dictionary<InventoryResource, InventoryResource>();
        foreach (var owner in inventory.OfType(type))
        {
            foreach (var configuration in owner.Body.ItemsAt("properties", collection))
            {
                if (configuration.TextAt("properties", "subnet", "id") is not { } subnet) continue;
                yield return (subnet, new SubnetAddress
                {
                    Kind = kind,
                    Address = configuration.TextAt("properties", "privateIPAddress"),
                    Owner = owner,
                    Vm = vms.GetValueOrDefault(owner),
                    PublicAddress = inventory.Find(configuration.TextAt("properties", "publicIPAddress", "id")),
                });
            }
        }
    }

    private static IEnumerable<(string SubnetId, SubnetAddress Item)> ScaleSets(ResourceInventory inventory)
    {
        foreach (var owner in inventory.OfType("Microsoft.Compute/virtualMachineScaleSets"))
        {
            var subnets = owner.Body.ItemsAt("properties", "virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations")
                .SelectMany(nic => nic.ItemsAt("properties", "ipConfigurations"))
                .Select(configuration => configuration.TextAt("properties", "subnet", "id")).OfType<string>()
                .Distinct(StringComparer.OrdinalIgnoreCase);
            foreach (var subnet in subnets) yield return (subnet, new SubnetAddress { Kind = SubnetAddressKind.ScaleSet, Owner = owner });
        }
    }

    /// <summary>The VM each NIC belongs to. The VM decides: what a NIC says of its VM only repeats it.</summary>
    internal static Dictionary<InventoryResource, InventoryResource> VmOfNics(ResourceInventory inventory)
    {
        var found = new Dictionary<InventoryResource, InventoryResource>();
        foreach (var vm in inventory.OfType("Microsoft.Compute/virtualMachines"))
        {
            foreach (var nic in vm.Body.ItemsAt("properties", "networkProfile", "networkInterfaces"))
            {
                if (inventory.Find(nic.TextAt("id")) is { } resource) found.TryAdd(resource, vm);
            }
        }

        return found;
    }
}
