using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Network;

public sealed class NetworkTests
{
    [Fact]
    public async Task Subnet_AsAChild_IsAnItemOfItsNetwork()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string network = host.Id("rg", "Microsoft.Network/virtualNetworks", "vnet");
        await host.DoAsync(HttpMethod.Put, network, StackHost.Network, """{"location":"local","properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]}}}""");
        await host.DoAsync(HttpMethod.Put, network + "/subnets/a", StackHost.Network, """{"properties":{"addressPrefix":"10.0.1.0/24"}}""");
        JsonNode subnet = (await host.GetAsync(network, StackHost.Network))["properties"]!["subnets"]!.AsArray().Single()!;
        Assert.Equal(network + "/subnets/a", subnet["id"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(subnet, await host.GetAsync(network + "/subnets/a", StackHost.Network)));

        string nic = host.Id("rg", "Microsoft.Network/networkInterfaces", "nic");
        await host.DoAsync(HttpMethod.Put, nic, StackHost.Network, $$$$$"""{"location":"local","properties":{"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{network}}}}}/subnets/a"}}}]}}""");
        Assert.Equal("10.0.1.4", (await host.GetAsync(nic, StackHost.Network))["properties"]!["ipConfigurations"]![0]!["properties"]!["privateIPAddress"]!.GetValue<string>());
        Assert.Equal(nic + "/ipConfigurations/ip", (await host.GetAsync(network + "/subnets/a", StackHost.Network))["properties"]!["ipConfigurations"]![0]!["id"]!.GetValue<string>());
        await host.AssertRefusedAsync(400, "InUseSubnetCannotBeDeleted", HttpMethod.Delete, network + "/subnets/a", StackHost.Network);
        await host.DoAsync(HttpMethod.Delete, nic, StackHost.Network);
        await host.DoAsync(HttpMethod.Delete, network + "/subnets/a", StackHost.Network);
        Assert.Empty((await host.GetAsync(network + "/subnets", StackHost.Network))["value"]!.AsArray());
    }

    [Fact]
    public async Task Interface_InAMissingSubnet_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        await host.AssertRefusedAsync(400, "InvalidResourceReference", HttpMethod.Put, host.Id("rg", "Microsoft.Network/networkInterfaces", "nic"), StackHost.Network,
            $$$$$"""{"location":"local","properties":{"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{host.Id("rg", "Microsoft.Network/virtualNetworks", "none")}}}}}/subnets/a"}}}]}}""");
    }

    [Fact]
    public async Task SecurityGroup_New_HasTheSixDefaultRules()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string id = host.Id("rg", "Microsoft.Network/networkSecurityGroups", "nsg");
        await host.DoAsync(HttpMethod.Put, id, StackHost.Network, """{"location":"local"}""");
        JsonNode group = await host.GetAsync(id, StackHost.Network);
        Assert.Equal(6, group["properties"]!["defaultSecurityRules"]!.AsArray().Count);
        Assert.NotNull(group["etag"]);
        Assert.NotNull(group["properties"]!["resourceGuid"]);
        string guid = group["properties"]!["resourceGuid"]!.GetValue<string>();
        await host.DoAsync(HttpMethod.Put, id, StackHost.Network, group.ToJsonString());
        JsonNode again = await host.GetAsync(id, StackHost.Network);
        Assert.Equal(guid, again["properties"]!["resourceGuid"]!.GetValue<string>());
        Assert.NotEqual(group["etag"]!.GetValue<string>(), again["etag"]!.GetValue<string>());
    }
}
