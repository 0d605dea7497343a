namespace AzsBackup.Emulator.Arm;

/// <summary>Types that ARM addresses as children but that are items of an array in their parent's properties.</summary>
internal sealed class EmbeddedChildren
{
    private readonly Dictionary<string, string> _arrays = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.Network/virtualNetworks/subnets"] = "subnets",
        ["Microsoft.Network/virtualNetworks/virtualNetworkPeerings"] = "virtualNetworkPeerings",
        ["Microsoft.Network/networkSecurityGroups/securityRules"] = "securityRules",
        ["Microsoft.Network/networkSecurityGroups/defaultSecurityRules"] = "defaultSecurityRules",
        ["Microsoft.Network/routeTables/routes"] = "routes",
        ["Microsoft.Network/loadBalancers/frontendIPConfigurations"] = "frontendIPConfigurations",
        ["Microsoft.Network/loadBalancers/backendAddressPools"] = "backendAddressPools",
        ["Microsoft.Network/loadBalancers/probes"] = "probes",
        ["Microsoft.Network/loadBalancers/loadBalancingRules"] = "loadBalancingRules",
        ["Microsoft.Network/loadBalancers/inboundNatRules"] = "inboundNatRules",
        ["Microsoft.Network/loadBalancers/inboundNatPools"] = "inboundNatPools",
        ["Microsoft.Network/loadBalancers/outboundRules"] = "outboundRules",
        ["Microsoft.Network/virtualNetworkGateways/ipConfigurations"] = "ipConfigurations",
        ["Microsoft.Network/networkInterfaces/ipConfigurations"] = "ipConfigurations",
    };

    /// <summary>The array in the parent's properties that holds children of that type, or <see langword="null"/>.</summary>
    public string? ArrayOf(string type) => _arrays.GetValueOrDefault(type);

    /// <summary>The arrays of a parent type.</summary>
    public IEnumerable<string> ArraysOf(string parentType) =>
        _arrays.Where(pair => pair.Key.StartsWith(parentType + "/", StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Value);
}
