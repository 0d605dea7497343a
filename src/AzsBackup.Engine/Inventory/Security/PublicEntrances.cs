using System.Text.Json;
using AzsBackup.Engine.Inventory.Network;

namespace AzsBackup.Engine.Inventory.Security;

/// <summary>Finds the ways from public addresses to a NIC: its own address, and load balancers' rules. Pure.</summary>
internal static class PublicEntrances
{
    /// <summary>The ways to one of a NIC's IP configurations.</summary>
    public static IEnumerable<PublicEntrance> To(ResourceInventory inventory, JsonElement configuration)
    {
        if (inventory.Find(configuration.TextAt("properties", "publicIPAddress", "id")) is { } own)
        {
            yield return new PublicEntrance(own, null, "*", null, TrafficSet.AllPorts);
        }

        foreach (var pool in configuration.ItemsAt("properties", "loadBalancerBackendAddressPools").Select(pool => pool.TextAt("id")))
        {
            foreach (var rule in Rules(inventory, pool, "loadBalancingRules").Where(rule => Is(rule.Body.TextAt("properties", "backendAddressPool", "id"), pool)))
            {
                if (Entrance(inventory, rule.Balancer, rule.Body) is { } entrance) yield return entrance;
            }
        }

        foreach (var nat in configuration.ItemsAt("properties", "loadBalancerInboundNatRules").Select(nat => nat.TextAt("id")))
        {
            var name = nat?[(nat.LastIndexOf('/') + 1)..];
            foreach (var rule in Rules(inventory, nat, "inboundNatRules").Where(rule => Is(rule.Body.TextAt("name"), name)))
            {
                if (Entrance(inventory, rule.Balancer, rule.Body) is { } entrance) yield return entrance;
            }
        }
    }

    private static IEnumerable<(InventoryResource Balancer, JsonElement Body)> Rules(ResourceInventory inventory, string? partId, string collection) =>
        inventory.Find(partId) is { } balancer ? balancer.Body.ItemsAt("properties", collection).Select(rule => (balancer, rule)) : [];

    private static PublicEntrance? Entrance(ResourceInventory inventory, InventoryResource balancer, JsonElement rule)
    {
        var frontend = rule.TextAt("properties", "frontendIPConfiguration", "id");
        var name = frontend?[(frontend.LastIndexOf('/') + 1)..];
        var address = balancer.Body.ItemsAt("properties", "frontendIPConfigurations")
            .Where(candidate => Is(candidate.TextAt("name"), name))
            .Select(candidate => inventory.Find(candidate.TextAt("properties", "publicIPAddress", "id")))
            .FirstOrDefault();
        if (address is null || rule.NumberAt("properties", "backendPort") is not { } port) return null;
        return new PublicEntrance(
            address, balancer, rule.TextAt("properties", "protocol") ?? "*", rule.ScalarAt("properties", "frontendPort"),
            port == 0 ? TrafficSet.AllPorts : IntervalSet.Range(port, port));
    }

    private static bool Is(string? one, string? other) => one is not null && one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
