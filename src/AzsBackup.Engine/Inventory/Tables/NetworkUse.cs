using System.Runtime.CompilerServices;
using System.Text.Json;
using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>Who uses what in the network, the other way round than bodies say it: worked out once for an inventory.</summary>
internal sealed class NetworkUse
{
    private static readonly ConditionalWeakTable<ResourceInventory, NetworkUse> Known = new();

    private static readonly string[] Users =
        ["Microsoft.Network/networkInterfaces", "Microsoft.Network/loadBalancers", "Microsoft.Network/virtualNetworkGateways"];

    private NetworkUse(ResourceInventory inventory)
    {
        VmOfNic = NetworkReading.VmOfNics(inventory);
        var ofGroups = inventory.OfType("Microsoft.Network/networkInterfaces")
            .Select(nic => (Group: inventory.Find(nic.Body.TextAt("properties", "networkSecurityGroup", "id")), User: ResourceLinks.To(nic)))
            .Concat(inventory.OfType("Microsoft.Network/virtualNetworks").SelectMany(network => network.Body.ItemsAt("properties", "subnets").Select(subnet => (
                Group: inventory.Find(subnet.TextAt("properties", "networkSecurityGroup", "id")), User: Link(network, subnet)))));
        UsersOfGroup = ofGroups.Where(pair => pair.Group is not null).ToLookup(pair => pair.Group!, pair => pair.User);
        UsersOfAddress = Users.SelectMany(inventory.OfType)
            .SelectMany(user => user.Body.ItemsAt("properties", "ipConfigurations").Concat(user.Body.ItemsAt("properties", "frontendIPConfigurations"))
                .Select(configuration => (Address: inventory.Find(configuration.TextAt("properties", "publicIPAddress", "id")), User: ResourceLinks.To(user))))
            .Where(pair => pair.Address is not null)
            .ToLookup(pair => pair.Address!, pair => pair.User);
    }

    /// <summary>The VM each NIC belongs to.</summary>
    public Dictionary<InventoryResource, InventoryResource> VmOfNic { get; }

    /// <summary>The NICs and subnets a network security group guards.</summary>
    public ILookup<InventoryResource, ReportPart> UsersOfGroup { get; }

    /// <summary>What has a public address.</summary>
    public ILookup<InventoryResource, ReportPart> UsersOfAddress { get; }

    /// <summary>That of an inventory.</summary>
    public static NetworkUse Of(ResourceInventory inventory) => Known.GetValue(inventory, made => new NetworkUse(made));

    private static ReportPart Link(InventoryResource network, JsonElement subnet)
    {
        var name = subnet.TextAt("name") ?? "?";
        return new ReportPart($"{network.Name}/{name}", InventoryResource.AnchorOf("s", network.Id.Child("subnets", name).ToString()));
    }
}
