namespace AzsBackup.Engine.Comparison;

/// <summary>
/// What a stack sets by itself and what therefore says nothing about what somebody changed: states, times, counters, and
/// back-references, which repeat on one resource what another one says (a NIC's virtual machine, a rule set's subnets).
/// Sources: <c>readOnly</c> in the specifications of the 2020-09-01-hybrid profile, and of network version 2021-05-01.
/// </summary>
internal static class ComparisonNoise
{
    private static readonly HashSet<string> Anywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "etag", "provisioningState", "changedTime", "createdBy", "createdOn", "createdTime", "creationTime", "lastEnabledTime",
        "lastModifiedTime", "lastModifiedTimeUtc", "timeCreated", "updatedBy", "updatedOn", "instanceView", "statuses",
    };

    private static readonly Dictionary<string, string[]> ByType = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.Compute/availabilitySets"] = ["properties.virtualMachines"],
        ["Microsoft.Compute/disks"] = ["managedBy", "properties.diskState"],
        ["Microsoft.Compute/virtualMachines"] = ["resources"],
        ["Microsoft.Network/connections"] =
            ["properties.connectionStatus", "properties.egressBytesTransferred", "properties.ingressBytesTransferred", "properties.tunnelConnectionStatus"],
        ["Microsoft.Network/dnsZones"] = ["properties.numberOfRecordSets", "properties.maxNumberOfRecordSets"],
        ["Microsoft.Network/loadBalancers"] =
        [
            "properties.frontendIPConfigurations.properties.inboundNatRules", "properties.frontendIPConfigurations.properties.inboundNatPools",
            "properties.frontendIPConfigurations.properties.outboundRules", "properties.frontendIPConfigurations.properties.loadBalancingRules",
            "properties.backendAddressPools.properties.backendIPConfigurations", "properties.backendAddressPools.properties.loadBalancingRules",
            "properties.backendAddressPools.properties.outboundRule", "properties.backendAddressPools.properties.outboundRules",
            "properties.probes.properties.loadBalancingRules", "properties.inboundNatRules.properties.backendIPConfiguration",
        ],
        ["Microsoft.Network/networkInterfaces"] =
            ["properties.virtualMachine", "properties.primary", "properties.interfaceEndpoint", "properties.hostedWorkloads", "properties.dnsSettings.appliedDnsServers"],
        ["Microsoft.Network/networkSecurityGroups"] = ["properties.networkInterfaces", "properties.subnets", "properties.defaultSecurityRules"],
        ["Microsoft.Network/publicIPAddresses"] = ["properties.ipConfiguration"],
        ["Microsoft.Network/routeTables"] = ["properties.subnets"],
        ["Microsoft.Network/virtualNetworks"] =
        [
            "properties.subnets.properties.ipConfigurations", "properties.subnets.properties.ipConfigurationProfiles",
            "properties.subnets.properties.interfaceEndpoints", "properties.subnets.properties.purpose",
            "properties.subnets.properties.resourceNavigationLinks", "properties.subnets.properties.serviceAssociationLinks",
        ],
        ["Microsoft.Network/virtualNetworks/subnets"] = ["properties.ipConfigurations", "properties.ipConfigurationProfiles"],
        ["Microsoft.Storage/storageAccounts"] =
        [
            "properties.geoReplicationStats", "properties.lastGeoFailoverTime", "properties.failoverInProgress",
            "properties.statusOfPrimary", "properties.statusOfSecondary", "properties.blobRestoreStatus",
        ],
    };

    /// <summary>Whether a property is noise.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="path">The names on the way to the property, joined by dots, lists like single objects.</param>
    public static bool IsNoise(string type, string path) =>
        Anywhere.Contains(path[(path.LastIndexOf('.') + 1)..])
        || (ByType.TryGetValue(type, out var paths) && paths.Contains(path, StringComparer.OrdinalIgnoreCase));
}
