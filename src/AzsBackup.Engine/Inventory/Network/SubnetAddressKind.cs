namespace AzsBackup.Engine.Inventory.Network;

/// <summary>What has an address in a subnet.</summary>
public enum SubnetAddressKind
{
    /// <summary>A network interface.</summary>
    NetworkInterface,

    /// <summary>A load balancer's internal front end.</summary>
    LoadBalancer,

    /// <summary>A virtual network gateway.</summary>
    Gateway,

    /// <summary>A scale set, whose instances have addresses there.</summary>
    ScaleSet,
}
