using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>What the tables of network resources show.</summary>
internal static class NetworkColumns
{
    /// <summary>The columns, by type.</summary>
    public static IEnumerable<(string Type, TypeColumn[] Columns)> All =>
    [
        ("Microsoft.Network/networkInterfaces",
        [
            new("column.addresses", (nic, _) => ReportCell.Of(PrivateAddresses(nic))),
            TypeColumn.Links("column.subnet", nic => Configurations(nic, "subnet")),
            TypeColumn.Links("column.publicAddress", nic => Configurations(nic, "publicIPAddress")),
            new("column.vm", (nic, inventory) => ReportCell.Of(VmOf(nic, inventory))),
            TypeColumn.Link("column.securityGroup", "properties", "networkSecurityGroup", "id"),
        ]),
        ("Microsoft.Network/virtualNetworks",
        [
            new("column.prefixes", (network, _) => ReportCell.Of(network.Body.TextsAt("properties", "addressSpace", "addressPrefixes"))),
            new("column.subnets", (network, _) => ReportCell.Of(network.Body.ItemsAt("properties", "subnets").Select(subnet => new ReportPart(
                subnet.TextAt("name") ?? "?", InventoryResource.AnchorOf("s", network.Id.Child("subnets", subnet.TextAt("name") ?? "?").ToString()))))),
            new("column.dns", (network, _) => ReportCell.Of(network.Body.TextsAt("properties", "dhcpOptions", "dnsServers"))),
        ]),
        ("Microsoft.Network/networkSecurityGroups",
        [
            TypeColumn.Count("column.rules", "properties", "securityRules"),
            new("column.usedBy", (group, inventory) => ReportCell.Of(UsersOf(group, inventory))),
        ]),
        ("Microsoft.Network/publicIPAddresses",
        [
            TypeColumn.Of("column.address", "properties", "ipAddress"),
            TypeColumn.Of("column.allocation", "properties", "publicIPAllocationMethod"),
            TypeColumn.Of("column.fqdn", "properties", "dnsSettings", "fqdn"),
            new("column.usedBy", (address, inventory) => ReportCell.Of(PublicUsers(address, inventory))),
        ]),
        ("Microsoft.Network/loadBalancers",
        [
            TypeColumn.Links("column.publicAddress", balancer => balancer.Body.ItemsAt("properties", "frontendIPConfigurations").Select(front => front.TextAt("properties", "publicIPAddress", "id"))),
            new("column.addresses", (balancer, _) => ReportCell.Of(balancer.Body.ItemsAt("properties", "frontendIPConfigurations").Select(front => front.TextAt("properties", "privateIPAddress")).OfType<string>())),
            new("column.pools", (balancer, _) => ReportCell.Of(balancer.Body.ItemsAt("properties", "backendAddressPools").Select(pool => pool.TextAt("name")).OfType<string>())),
            TypeColumn.Count("column.rules", "properties", "loadBalancingRules"),
            TypeColumn.Count("column.natRules", "properties", "inboundNatRules"),
        ]),
        ("Microsoft.Network/routeTables", [TypeColumn.Count("column.routes", "properties", "routes")]),
        ("Microsoft.Network/virtualNetworkGateways",
        [
            TypeColumn.Of("column.kind", "properties", "gatewayType"),
            TypeColumn.Of("column.routing", "properties", "vpnType"),
            TypeColumn.Of("column.sku", "properties", "sku", "name"),
            TypeColumn.Links("column.subnet", gateway => Configurations(gateway, "subnet")),
            TypeColumn.Links("column.publicAddress", gateway => Configurations(gateway, "publicIPAddress")),
        ]),
        ("Microsoft.Network/localNetworkGateways",
        [
            TypeColumn.Of("column.address", "properties", "gatewayIpAddress"),
            new("column.prefixes", (gateway, _) => ReportCell.Of(gateway.Body.TextsAt("properties", "localNetworkAddressSpace", "addressPrefixes"))),
        ]),
        ("Microsoft.Network/connections",
        [
            TypeColumn.Of("column.kind", "properties", "connectionType"),
            TypeColumn.Link("column.from", "properties", "virtualNetworkGateway1", "id"),
            TypeColumn.Links("column.to", connection => [connection.Body.TextAt("properties", "localNetworkGateway2", "id"), connection.Body.TextAt("properties", "virtualNetworkGateway2", "id")]),
            TypeColumn.Of("column.state", "properties", "connectionStatus"),
        ]),
        ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        [
            TypeColumn.Link("column.to", "properties", "remoteVirtualNetwork", "id"),
            TypeColumn.Of("column.state", "properties", "peeringState"),
        ]),
    ];

    /// <summary>A NIC's addresses.</summary>
    public static IEnumerable<string> PrivateAddresses(InventoryResource nic) => nic.Body.ItemsAt("properties", "ipConfigurations")
        .Select(configuration => configuration.TextAt("properties", "privateIPAddress")).OfType<string>();

    private static IEnumerable<string?> Configurations(InventoryResource resource, string reference) => resource.Body
        .ItemsAt("properties", "ipConfigurations").Select(configuration => configuration.TextAt("properties", reference, "id"));

    private static IEnumerable<ReportPart> VmOf(InventoryResource nic, ResourceInventory inventory) =>
        NetworkUse.Of(inventory).VmOfNic.TryGetValue(nic, out var vm) ? [ResourceLinks.To(vm)] : [];

    private static IEnumerable<ReportPart> UsersOf(InventoryResource group, ResourceInventory inventory) => NetworkUse.Of(inventory).UsersOfGroup[group];

    private static IEnumerable<ReportPart> PublicUsers(InventoryResource address, ResourceInventory inventory) => NetworkUse.Of(inventory).UsersOfAddress[address];
}
