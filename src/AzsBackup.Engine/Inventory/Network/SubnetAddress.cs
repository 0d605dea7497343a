namespace AzsBackup.Engine.Inventory.Network;

/// <summary>Something in a subnet that has, or will have, an address there.</summary>
public sealed record SubnetAddress
{
    /// <summary>What it is.</summary>
    public required SubnetAddressKind Kind { get; init; }

    /// <summary>The address; null if none is recorded: it is given when needed, or there are several.</summary>
    public string? Address { get; init; }

    /// <summary>The NIC, load balancer, gateway or scale set.</summary>
    public required InventoryResource Owner { get; init; }

    /// <summary>The VM of a NIC; null if it has none or is none.</summary>
    public InventoryResource? Vm { get; init; }

    /// <summary>The public address it goes by; null if it has none.</summary>
    public InventoryResource? PublicAddress { get; init; }
}
