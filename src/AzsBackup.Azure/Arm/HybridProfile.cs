using System.Collections.Frozen;

namespace AzsBackup.Azure.Arm;

/// <summary>
/// The api-versions that profile 2020-09-01-hybrid pins, the newest profile of stamps, which public Azure serves as well.
/// Source: azure-rest-api-specs, profile/2020-09-01-hybrid.json (the copy in Azure.ResourceManager 1.7.0); the types a tenant
/// can have, without eleven of Microsoft.Web (metrics, stacks, …) on which that copy and the original disagree. Both write
/// Microsoft.EventHub as "microsoft.eventhubs"; here it is spelled as stacks do.
/// </summary>
internal static class HybridProfile
{
    private static readonly FrozenDictionary<string, string> Pins = Rows().ToFrozenDictionary(
        row => row.Type, row => row.Version, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> NewestOfProvider = Rows()
        .GroupBy(row => row.Type[..row.Type.IndexOf('/', StringComparison.Ordinal)], row => row.Version, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(group => group.Key, group => group.Max(StringComparer.Ordinal)!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every pinned type.</summary>
    public static IEnumerable<string> Types => Pins.Keys;

    /// <summary>The version pinned for a type; null if the profile does not name it.</summary>
    public static string? FindPin(string type) => Pins.GetValueOrDefault(type);

    /// <summary>The newest version pinned for any type of a provider; null if the profile does not name it.</summary>
    public static string? FindNewest(string provider) => NewestOfProvider.GetValueOrDefault(provider);

    private static IEnumerable<(string Type, string Version)> Rows() =>
    [
        .. Pin("Microsoft.Authorization", "2016-09-01", "locks"),
        .. Pin("Microsoft.Authorization", "2016-12-01", "policyAssignments", "policyDefinitions"),
        .. Pin("Microsoft.Authorization", "2015-07-01", "permissions", "roleAssignments", "roleDefinitions", "providerOperations"),
        .. Pin(
            "Microsoft.Compute", "2020-06-01",
            "availabilitySets", "images", "locations", "locations/publishers", "locations/operations", "locations/usages",
            "locations/vmSizes", "operations", "virtualMachines", "virtualMachines/extensions", "virtualMachineScaleSets",
            "virtualMachineScaleSets/extensions", "virtualMachineScaleSets/networkInterfaces",
            "virtualMachineScaleSets/virtualMachines", "virtualMachineScaleSets/virtualMachines/networkInterfaces"),
        .. Pin("Microsoft.Compute", "2019-07-01", "disks", "snapshots"),
        .. Pin("Microsoft.EventHub", "2018-01-01-preview", "availableClusterRegions", "clusters", "namespaces"),
        .. Pin(
            "Microsoft.EventHub", "2017-04-01",
            "checkNameAvailability", "namespaces/authorizationRules", "namespaces/eventhubs",
            "namespaces/eventhubs/authorizationRules", "namespaces/eventhubs/consumerGroups", "operations", "sku"),
        .. Pin("Microsoft.Insights", "2018-01-01", "metricDefinitions", "metrics"),
        .. Pin("Microsoft.Insights", "2017-05-01-preview", "diagnosticSettings", "diagnosticSettingCategories"),
        .. Pin("Microsoft.Insights", "2015-04-01", "eventCategories", "operations"),
        .. Pin("Microsoft.KeyVault", "2019-09-01", "operations", "vaults", "vaults/accessPolicies", "vaults/secrets"),
        .. Pin(
            "Microsoft.Network", "2018-11-01",
            "connections", "loadBalancers", "localNetworkGateways", "locations", "locations/operationResults",
            "locations/operations", "locations/usages", "networkInterfaces", "networkSecurityGroups", "operations",
            "publicIpAddresses", "routeTables", "virtualNetworkGateways", "virtualNetworks"),
        .. Pin("Microsoft.Network", "2016-04-01", "dnsZones"),
        .. Pin("Microsoft.Resources", "2016-06-01", "subscriptions", "subscriptions/locations", "tenants"),
        .. Pin(
            "Microsoft.Resources", "2019-10-01",
            "deployments", "deployments/operations", "links", "locations", "operations", "providers", "resourceGroups",
            "resources", "subscriptions/operationresults", "subscriptions/providers", "subscriptions/resourceGroups",
            "subscriptions/resourceGroups/resources", "subscriptions/resources", "subscriptions/tagNames",
            "subscriptions/tagNames/tagValues"),
        .. Pin(
            "Microsoft.Storage", "2019-06-01",
            "checkNameAvailability", "locations", "locations/quotas", "operations", "storageAccounts",
            "storageAccounts/blobServices", "storageAccounts/queueServices", "storageAccounts/tableServices", "usages"),
        .. Pin(
            "Microsoft.Web", "2018-02-01",
            "certificates", "operations", "checknameavailability", "metadata", "sites", "sites/domainOwnershipIdentifiers",
            "sites/extensions", "sites/hostNameBindings", "sites/instances", "sites/instances/extensions", "sites/slots",
            "sites/slots/hostNameBindings", "sites/slots/instances", "sites/slots/instances/extensions", "serverFarms"),
    ];

    private static IEnumerable<(string Type, string Version)> Pin(string provider, string version, params string[] types) =>
        types.Select(type => ($"{provider}/{type}", version));
}
