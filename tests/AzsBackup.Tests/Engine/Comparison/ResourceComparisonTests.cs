using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Comparison;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Comparison;

public sealed class ResourceComparisonTests
{
    private const string Nsg = "Microsoft.Network/networkSecurityGroups";
    private const string Vm = "Microsoft.Compute/virtualMachines";
    private static readonly string Group = CaptureBuilder.Subscription + "/resourceGroups/app";

    [Fact]
    public async Task Run_ACaptureWithItself_FindsNothing()
    {
        var capture = SampleTenant.Build(60).Build();
        Assert.Empty(await RunAsync(capture, capture));
    }

    [Fact]
    public async Task Run_AddedRemovedAndChanged_AreOneObjectEach()
    {
        var before = new CaptureBuilder().Add(Id(Vm, "web-1"), Size("Standard_A1")).Add(Id(Vm, "web-2"), Size("Standard_A1")).Build();
        var after = new CaptureBuilder().Add(Id(Vm, "WEB-1"), Size("Standard_A2")).Add(Id(Vm, "web-3"), Size("Standard_A1")).Build();

        var found = await RunAsync(before, after);

        Assert.Equal([AzsResourceChange.Changed, AzsResourceChange.Removed, AzsResourceChange.Added], found.Select(one => one.Change));
        Assert.Equal("properties.hardwareProfile.vmSize", found[0].Path);
        Assert.Equal("Standard_A1", found[0].ReferenceValue);
        Assert.Equal("Standard_A2", found[0].DifferenceValue);
        Assert.Equal(["web-1", "web-2", "web-3"], found.Select(one => one.Name));
        Assert.Null(found[1].DifferenceValue);
        Assert.NotNull(found[1].ReferenceValue);
    }

    [Fact]
    public async Task Run_WhatTheStackSetsByItself_CountsOnlyIfAskedFor()
    {
        var before = new CaptureBuilder().Add(Id(Nsg, "a"), new { etag = "1", properties = new { provisioningState = "Succeeded", subnets = new[] { new { id = "/subscriptions/s/x" } } } }).Build();
        var after = new CaptureBuilder().Add(Id(Nsg, "a"), new { etag = "2", properties = new { provisioningState = "Updating" } }).Build();

        Assert.Empty(await RunAsync(before, after));
        Assert.Equal(3, (await RunAsync(before, after, new ComparisonOptions { IncludeReadOnly = true })).Count);
    }

    [Theory]
    [InlineData("vmSize")]
    [InlineData("properties.hardwareProfile")]
    [InlineData("properties.hardwareProfile.vmSize")]
    public async Task Run_ExcludedProperty_DoesNotCount(string excluded)
    {
        var before = new CaptureBuilder().Add(Id(Vm, "web-1"), Size("Standard_A1")).Build();
        var after = new CaptureBuilder().Add(Id(Vm, "web-1"), Size("Standard_A2")).Build();
        var found = await RunAsync(before, after, new ComparisonOptions { Excludes = path => path == excluded, IncludeEqual = true });
        Assert.Equal(AzsResourceChange.Equal, Assert.Single(found).Change);
    }

    [Fact]
    public async Task Run_PathOfADifferenceExcluded_OnlyThatOneGoes()
    {
        static object Body(string prefix) => new { properties = new { subnets = new[] { new { name = "web", properties = new { addressPrefix = prefix } }, new { name = "db", properties = new { addressPrefix = prefix } } } } };
        var before = new CaptureBuilder().Add(Id("Microsoft.Network/virtualNetworks", "v"), Body("10.0.0.0/24")).Build();
        var after = new CaptureBuilder().Add(Id("Microsoft.Network/virtualNetworks", "v"), Body("10.0.1.0/24")).Build();
        var found = await RunAsync(before, after, new ComparisonOptions { Excludes = path => path == "properties.subnets[name=web].properties.addressPrefix" });
        Assert.Equal("properties.subnets[name=db].properties.addressPrefix", Assert.Single(found).Path);
    }

    [Theory]
    [InlineData(AzsCaptureStatus.Failed)]
    [InlineData(AzsCaptureStatus.Skipped)]
    public async Task Run_ResourceThatOneSideCouldNotRead_IsUnknownNotRemoved(AzsCaptureStatus status)
    {
        var whole = new CaptureBuilder().Add(Id(Vm, "web-1"), Size("A")).Build();
        var hurt = new CaptureBuilder().Add(Id(Vm, "web-1"), status: status, reason: "500.").Build();
        foreach (var (one, other) in new[] { (whole, hurt), (hurt, whole) })
        {
            var found = Assert.Single(await RunAsync(one, other));
            Assert.Equal(AzsResourceChange.Unknown, found.Change);
            Assert.Contains("500.", found.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_MissingWhereItsListingWasRefused_IsUnknownNotRemoved()
    {
        var whole = new CaptureBuilder().Add(Id(Vm, "web-1")).Add(Id(Vm, "web-1") + "/extensions/e").Add(Id(Nsg, "a")).Build();
        var refused = new CaptureBuilder().Add(Id(Vm, "web-1"), status: AzsCaptureStatus.Partial, reason: "Its extensions could not be listed.")
            .Add($"{CaptureBuilder.Subscription}/providers/{Nsg}", status: AzsCaptureStatus.Failed, reason: "403.").Build();
        var found = await RunAsync(whole, refused);
        Assert.Equal(2, found.Count);
        Assert.All(found, one => Assert.Equal(AzsResourceChange.Unknown, one.Change));
    }

    [Fact]
    public async Task Run_CapturesOfDifferentWidth_CompareWhatBothAreMadeOf()
    {
        var wide = new CaptureBuilder().Add(Id(Vm, "web-1")).Add(CaptureBuilder.Id("other", Vm, "far")).Build();
        var narrow = new CaptureBuilder { Scopes = [Group] }.Add(Id(Vm, "web-1")).Build();
        var comparison = new ResourceComparison(wide, narrow, new ComparisonOptions());
        Assert.Empty(await comparison.RunAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, comparison.OutOfScope);
    }

    [Fact]
    public async Task Run_CapturesWithNothingInCommon_AreRefused()
    {
        var here = new CaptureBuilder().Add(Id(Vm, "web-1")).Build();
        var there = new CaptureBuilder { Scopes = ["/subscriptions/another"] }.Build();
        var refusal = await Assert.ThrowsAsync<AzsException>(() => RunAsync(here, there));
        Assert.Equal("CapturesDisjoint", refusal.ErrorId);
    }

    private static string Id(string type, string name) => CaptureBuilder.Id("app", type, name);

    private static object Size(string size) => new { properties = new { hardwareProfile = new { vmSize = size } } };

    private static async Task<List<AzsResourceDifference>> RunAsync(CaptureContent reference, CaptureContent difference, ComparisonOptions? options = null) =>
        await new ResourceComparison(reference, difference, options ?? new ComparisonOptions()).RunAsync(TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
}
