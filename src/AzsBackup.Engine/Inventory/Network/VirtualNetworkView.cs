namespace AzsBackup.Engine.Inventory.Network;

/// <summary>A virtual network with its subnets.</summary>
/// <param name="Resource">The network.</param>
/// <param name="Subnets">Its subnets, by address.</param>
/// <param name="Peerings">Its peerings, by name.</param>
/// <param name="Gateways">The gateways in it.</param>
/// <param name="Connections">Its gateways' connections, each with the local gateway it leads to; null if it leads to another network.</param>
public sealed record VirtualNetworkView(
    InventoryResource Resource,
    IReadOnlyList<SubnetView> Subnets,
    IReadOnlyList<PeeringView> Peerings,
    IReadOnlyList<InventoryResource> Gateways,
    IReadOnlyList<(InventoryResource Connection, InventoryResource? LocalGateway)> Connections)
{
    /// <summary>The id of its element on a page.</summary>
    public string Anchor { get; } = InventoryResource.AnchorOf("n", Resource.Id.ToString());

    /// <summary>Its prefixes.</summary>
    public IReadOnlyList<string> Prefixes => Resource.Body.TextsAt("properties", "addressSpace", "addressPrefixes").ToList();
}
