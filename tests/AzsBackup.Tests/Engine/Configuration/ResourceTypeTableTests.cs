using AzsBackup.Azure.Arm;
using AzsBackup.Engine.Configuration;
using Xunit;

namespace AzsBackup.Tests.Engine.Configuration;

public sealed class ResourceTypeTableTests
{
    private static readonly ResourceTypeTable Table = ResourceTypeTable.Default;

    [Fact]
    public void Types_ApiVersions_AreThoseOfTheProfile()
    {
        var different = Table.Types.Where(type => HybridProfile.FindPin(type.Type) is { } pin && pin != type.ApiVersion).Select(type => type.Type);

        Assert.Empty(different);
    }

    [Fact]
    public void Types_AllPaths_CanBeRead()
    {
        foreach (var path in Table.Types.SelectMany(AllPaths)) Assert.Equal(path, PropertyPath.Parse(path).Text);
    }

    [Fact]
    public void Writable_IsDisjointFromWhatOnlyAGetShows()
    {
        foreach (var type in Table.Types)
        {
            var writable = Set(type.Writable);
            var readOnly = type.ReadOnly.Flagged.Concat(type.ReadOnly.FlaggedLater).Concat(type.BackReferences);
            Assert.Empty(readOnly.Where(path => writable.Contains(PropertyPath.Parse(path))).Select(path => $"{type.Type}: {path}"));
        }
    }

    [Fact]
    public void Writable_WhatIsFlaggedOnGetAndNeededInPut_IsThere()
    {
        var account = Table.Find("microsoft.storage/storageaccounts")!;

        Assert.Contains("sku.name", account.Writable);
        Assert.Contains("kind", account.Writable);
        Assert.Contains("location", account.Writable);
        Assert.DoesNotContain("sku.tier", account.Writable);
    }

    [Theory]
    [InlineData("Microsoft.Compute/virtualMachines", "properties.storageProfile.imageReference.publisher")]
    [InlineData("Microsoft.Compute/virtualMachines", "properties.storageProfile.osDisk.managedDisk.storageAccountType")]
    [InlineData("Microsoft.Network/networkInterfaces", "properties.ipConfigurations[].properties.subnet.id")]
    [InlineData("Microsoft.Network/networkInterfaces", "properties.ipConfigurations[].properties.privateIPAddress")]
    [InlineData("Microsoft.Network/networkSecurityGroups", "properties.securityRules[].properties.destinationPortRanges[]")]
    [InlineData("Microsoft.Network/routeTables", "properties.routes[].properties.nextHopType")]
    [InlineData("Microsoft.Network/virtualNetworks", "properties.subnets[].properties.routeTable.id")]
    [InlineData("Microsoft.Network/virtualNetworks", "properties.virtualNetworkPeerings[].properties.remoteVirtualNetwork.id")]
    [InlineData("Microsoft.Network/loadBalancers", "properties.inboundNatRules[].properties.frontendIPConfiguration.id")]
    [InlineData("Microsoft.Network/dnsZones/MX", "properties.MXRecords[].exchange")]
    public void Writable_WhatOtherToolsLose_IsThere(string type, string path) => Assert.Contains(path, Table.Find(type)!.Writable);

    [Theory]
    [InlineData("Microsoft.Network/networkInterfaces", "properties.macAddress")]
    [InlineData("Microsoft.Network/networkInterfaces", "properties.virtualMachine.id")]
    [InlineData("Microsoft.Network/virtualNetworks", "properties.resourceGuid")]
    [InlineData("Microsoft.Network/virtualNetworks", "properties.subnets[].properties.provisioningState")]
    [InlineData("Microsoft.Network/publicIPAddresses", "properties.ipAddress")]
    [InlineData("Microsoft.Compute/disks", "managedBy")]
    [InlineData("Microsoft.Compute/virtualMachines", "properties.vmId")]
    [InlineData("Microsoft.KeyVault/vaults", "properties.vaultUri")]
    public void Writable_WhatTheServiceFillsIn_IsNot(string type, string path) =>
        Assert.False(Set(Table.Find(type)!.Writable).Contains(PropertyPath.Parse(path)));

    [Fact]
    public void References_OfDeployableTypes_AreWritable()
    {
        var exempt = new[] { "managedBy", "properties.scope", "properties.virtualNetworkRules" };
        foreach (var type in Table.Types.Where(type => type.CanDeploy))
        {
            var writable = Set(type.Writable);
            Assert.Empty(type.References
                .Where(path => !exempt.Contains(path) && !path.Contains("tapConfigurations", StringComparison.Ordinal) && !path.Contains("defaultSecurityRules", StringComparison.Ordinal))
                .Where(path => !writable.Contains(PropertyPath.Parse(path)))
                .Select(path => $"{type.Type}: {path}"));
        }
    }

    [Fact]
    public void Find_ChildrenAndExtensions_AreDescribedToo()
    {
        foreach (var type in Table.Types)
        {
            Assert.All(type.Children, child => Assert.True(Table.Find($"{type.Type}/{child}") is not null || type.Type == "Microsoft.EventHub/namespaces/eventhubs" || type.Type == "Microsoft.Web/sites", $"{type.Type}/{child}"));
            Assert.All(type.Extensions, extension => Assert.NotNull(Table.Find(extension)));
        }
    }

    private static PropertyPathSet Set(IEnumerable<string> paths) => new(paths.Select(PropertyPath.Parse));

    private static IEnumerable<string> AllPaths(ResourceTypeDescription type) =>
    [
        .. type.Writable, .. type.ReadOnly.Flagged, .. type.ReadOnly.FlaggedLater, .. type.ReadOnly.ByHand, .. type.Volatile, .. type.Secrets, .. type.Settings, .. type.FreeForm,
        .. type.References, .. type.AccountReferences, .. type.Principals, .. type.Tenants, .. type.BackReferences, .. type.Sets.Keys, .. type.Sets.Values.SelectMany(keys => keys),
        .. type.Defaults.Keys, .. type.NameParameters, .. type.Keep.Keys,
    ];
}
