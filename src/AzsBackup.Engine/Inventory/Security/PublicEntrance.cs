using AzsBackup.Engine.Inventory.Network;

namespace AzsBackup.Engine.Inventory.Security;

/// <summary>A way from a public address to a NIC.</summary>
/// <param name="Address">The public address.</param>
/// <param name="LoadBalancer">The load balancer it goes through; null if the NIC has the address itself.</param>
/// <param name="Protocol"><c>Tcp</c>, <c>Udp</c>, or <c>*</c> for both.</param>
/// <param name="FrontPorts">The ports outside, as text; null if they are those of the NIC.</param>
/// <param name="Ports">The ports of the NIC it leads to.</param>
public sealed record PublicEntrance(InventoryResource Address, InventoryResource? LoadBalancer, string Protocol, string? FrontPorts, IntervalSet Ports)
{
    /// <summary>Whether it is for a protocol.</summary>
    public bool IsFor(string protocol) =>
        Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase) || Protocol is "*" || Protocol.Equals("All", StringComparison.OrdinalIgnoreCase);
}
