using System.Text.Json;
using AzsBackup.Azure.Arm;
using Azure.ResourceManager;
using Xunit;

namespace AzsBackup.Tests.Azure.Arm;

public sealed class ApiVersionCatalogTests
{
    [Theory]
    // The pin, where it is offered.
    [InlineData("Microsoft.Compute/disks", "Microsoft.Compute/disks=2019-11-01 2019-07-01 2017-03-30", "2019-07-01")]
    [InlineData("microsoft.compute/DISKS", "Microsoft.Compute/disks=2019-07-01", "2019-07-01")]
    // An older stamp: the newest stable one below the pin.
    [InlineData("Microsoft.Compute/disks", "Microsoft.Compute/disks=2018-06-01 2019-03-01 2019-03-15-preview", "2019-03-01")]
    // Only newer ones: the newest stable, else the newest.
    [InlineData("Microsoft.Compute/disks", "Microsoft.Compute/disks=2021-04-01 2022-03-02 2023-01-01-preview", "2022-03-02")]
    [InlineData("Microsoft.Compute/disks", "Microsoft.Compute/disks=2021-04-01-preview 2023-01-01-preview", "2023-01-01-preview")]
    // Not in the profile, but its provider is: nothing newer than the provider's newest pin.
    [InlineData("Microsoft.Network/natGateways", "Microsoft.Network/natGateways=2018-11-01 2020-11-01 2018-02-01", "2018-11-01")]
    // Neither: the newest stable.
    [InlineData("Microsoft.ContainerRegistry/registries", "Microsoft.ContainerRegistry/registries=2019-05-01 2021-12-01-preview 2021-09-01", "2021-09-01")]
    // A child the list does not name goes by its parent's offer.
    [InlineData("Microsoft.Compute/virtualMachines/extensions", "Microsoft.Compute/virtualMachines=2020-06-01 2017-12-01", "2020-06-01")]
    [InlineData("Microsoft.Compute/virtualMachines/runCommands", "Microsoft.Compute/virtualMachines=2017-12-01", "2017-12-01")]
    [InlineData("Microsoft.Network/dnsZones/A", "Microsoft.Network/dnsZones=2018-05-01 2016-04-01", "2016-04-01")]
    // A type the list does not name at all: the pin, of itself or of a parent.
    [InlineData("Microsoft.Authorization/locks", "", "2016-09-01")]
    [InlineData("Microsoft.Network/virtualNetworks/subnets", "", "2018-11-01")]
    [InlineData("Contoso.Things/things", "", null)]
    public void Choose_Offer_GivesTheVersion(string type, string offers, string? expected)
    {
        var table = offers.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(offer => offer.Split('='))
            .ToDictionary(offer => offer[0], offer => (IReadOnlyList<string>)offer[1].Split(' '), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(expected, ApiVersionCatalog.Choose(type, table));
    }

    [Fact]
    public async Task ChooseAsync_ReadingFailedOnce_ReadsAgain()
    {
        var reads = 0;
        using var catalog = new ApiVersionCatalog(_ => ++reads == 1
            ? throw new InvalidOperationException()
            : Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<string>>>(new Dictionary<string, IReadOnlyList<string>>()));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await catalog.ChooseAsync("Microsoft.Compute/disks", TestContext.Current.CancellationToken));
        Assert.Equal("2019-07-01", await catalog.ChooseAsync("Microsoft.Compute/disks", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void HybridProfile_EveryPin_IsTheSdksOwn()
    {
        var assembly = typeof(ArmEnvironment).Assembly;
        var name = Assert.Single(assembly.GetManifestResourceNames(), resource => resource.EndsWith("2020-09-01-hybrid.json", StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var profile = JsonDocument.Parse(stream);
        var pins = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in profile.RootElement.GetProperty("resource-manager").EnumerateObject())
        {
            foreach (var version in provider.Value.EnumerateObject())
            {
                foreach (var type in version.Value.EnumerateArray())
                {
                    var space = provider.Name.Replace("eventhubs", "eventhub", StringComparison.OrdinalIgnoreCase);
                    pins[$"{space}/{type.GetProperty("resourceType").GetString()}"] = version.Name;
                }
            }
        }

        Assert.NotEmpty(HybridProfile.Types);
        Assert.All(HybridProfile.Types, type => Assert.Equal(pins[type], HybridProfile.FindPin(type)));
    }
}
