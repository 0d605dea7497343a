using System.Text.Json;

namespace AzsBackup.Engine.Inventory.Network;

/// <summary>A subnet with what is in it.</summary>
/// <param name="Id">Its ARM id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Body">Its part of the network's body.</param>
/// <param name="Addresses">What is in it, by address, what has none last.</param>
public sealed record SubnetView(string Id, string Name, JsonElement Body, IReadOnlyList<SubnetAddress> Addresses)
{
    // The first four addresses and the last one of every subnet are the platform's.
    private const int Reserved = 5;

    /// <summary>The id of its element on a page.</summary>
    public string Anchor { get; } = InventoryResource.AnchorOf("s", Id);

    /// <summary>Its prefixes.</summary>
    public IReadOnlyList<string> Prefixes { get; } = Body.TextAt("properties", "addressPrefix") is { } prefix
        ? [prefix] : Body.TextsAt("properties", "addressPrefixes").ToList();

    /// <summary>The id of its network security group; null if it has none.</summary>
    public string? SecurityGroupId => Body.TextAt("properties", "networkSecurityGroup", "id");

    /// <summary>The id of its route table; null if it has none.</summary>
    public string? RouteTableId => Body.TextAt("properties", "routeTable", "id");

    /// <summary>The addresses a tenant may use.</summary>
    public IntervalSet Usable
    {
        get
        {
            var usable = IntervalSet.None;
            foreach (var text in Prefixes)
            {
                if (Ipv4.Parse(text) is { IsEmpty: false, Count: > Reserved } all)
                {
                    usable = usable.Union(IntervalSet.Range(all.Intervals[0].First + Reserved - 1, all.Intervals[^1].Last - 1));
                }
            }

            return usable;
        }
    }

    /// <summary>The usable addresses that nothing recorded has. What has no recorded address is not counted out.</summary>
    public IntervalSet Free => Usable.Except(IntervalSet.Of(Addresses
        .Select(item => Ipv4.Address(item.Address)).OfType<long>().Select(address => (address, address))));
}
