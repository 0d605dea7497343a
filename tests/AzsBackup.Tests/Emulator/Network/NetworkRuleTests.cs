using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Network;

/// <summary>What network resources owe to each other: references, the order of deletions, back-references and etags.</summary>
public sealed class NetworkRuleTests
{
    private const string Group = "rg";

    [Fact]
    public async Task Delete_WhatOthersUse_IsRefusedUntilTheyAreGone()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string network = await MakeNetworkAsync(host, "vnet", "10.0.0.0/16", "a", "10.0.1.0/24");
        string security = await MakeAsync(host, "networkSecurityGroups", "nsg", "{}");
        string address = await MakeAsync(host, "publicIPAddresses", "pip", """{"publicIPAllocationMethod":"Static"}""");
        string nic = await MakeAsync(host, "networkInterfaces", "nic", $$$$$$"""
            {"networkSecurityGroup":{"id":"{{{{{{security}}}}}}"},"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{{network}}}}}}/subnets/a"},"publicIPAddress":{"id":"{{{{{{address}}}}}}"}}}]}
            """);

        await host.AssertRefusedAsync(400, "InUseSubnetCannotBeDeleted", HttpMethod.Delete, network + "/subnets/a", StackHost.Network);
        await host.AssertRefusedAsync(400, "InUseVirtualNetworkCannotBeDeleted", HttpMethod.Delete, network, StackHost.Network);
        await host.AssertRefusedAsync(400, "InUseNetworkSecurityGroupCannotBeDeleted", HttpMethod.Delete, security, StackHost.Network);
        await host.AssertRefusedAsync(400, "PublicIPAddressCannotBeDeleted", HttpMethod.Delete, address, StackHost.Network);
        Assert.Equal(nic + "/ipConfigurations/ip", (await host.GetAsync(address, StackHost.Network))["properties"]!["ipConfiguration"]!["id"]!.GetValue<string>());

        await host.DoAsync(HttpMethod.Delete, nic, StackHost.Network);
        foreach (string id in (string[])[address, security, network])
            await host.DoAsync(HttpMethod.Delete, id, StackHost.Network);
    }

    [Fact]
    public async Task PublicAddress_InUseByAnotherInterface_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string network = await MakeNetworkAsync(host, "vnet", "10.0.0.0/16", "a", "10.0.1.0/24");
        string address = await MakeAsync(host, "publicIPAddresses", "pip", "{}");
        string properties = $$$$$$"""{"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{{network}}}}}}/subnets/a"},"publicIPAddress":{"id":"{{{{{{address}}}}}}"}}}]}""";
        await MakeAsync(host, "networkInterfaces", "one", properties);
        await host.AssertRefusedAsync(400, "PublicIPAddressInUse", HttpMethod.Put, Id(host, "networkInterfaces", "two"), StackHost.Network, Body(properties));
    }

    [Theory]
    [InlineData("10.0.2.9", "PrivateIPAddressNotInSubnet")]
    [InlineData("10.0.1.2", "PrivateIPAddressInReservedRange")]
    [InlineData("10.0.1.4", "PrivateIPAddressInUse")]
    public async Task StaticAddress_ThatCannotBe_IsRefused(string address, string code)
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string network = await MakeNetworkAsync(host, "vnet", "10.0.0.0/16", "a", "10.0.1.0/24");
        await MakeAsync(host, "networkInterfaces", "first", $$$$$$"""{"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{{network}}}}}}/subnets/a"}}}]}""");
        await host.AssertRefusedAsync(400, code, HttpMethod.Put, Id(host, "networkInterfaces", "second"), StackHost.Network,
            Body($$$$$$"""{"ipConfigurations":[{"name":"ip","properties":{"privateIPAllocationMethod":"Static","privateIPAddress":"{{{{{{address}}}}}}","subnet":{"id":"{{{{{{network}}}}}}/subnets/a"}}}]}"""));
    }

    [Fact]
    public async Task Subnet_OutsideItsNetworkOrOverAnother_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string network = await MakeNetworkAsync(host, "vnet", "10.0.0.0/16", "a", "10.0.1.0/24");
        await host.AssertRefusedAsync(400, "NetcfgInvalidSubnet", HttpMethod.Put, network + "/subnets/b", StackHost.Network, """{"properties":{"addressPrefix":"10.1.0.0/24"}}""");
        await host.AssertRefusedAsync(400, "NetcfgInvalidSubnet", HttpMethod.Put, network + "/subnets/b", StackHost.Network, """{"properties":{"addressPrefix":"10.0.1.128/25"}}""");
        await host.DoAsync(HttpMethod.Put, network + "/subnets/b", StackHost.Network, """{"properties":{"addressPrefix":"10.0.2.0/24"}}""");
    }

    [Fact]
    public async Task Rule_AsAChildOrInTheParent_IsTheSame()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        const string rule = """{"protocol":"tcp","sourcePortRange":"*","destinationPortRange":"22","sourceAddressPrefix":"*","destinationAddressPrefix":"*","access":"allow","priority":100,"direction":"inbound"}""";
        string whole = await MakeAsync(host, "networkSecurityGroups", "whole", $$$$$$"""{"securityRules":[{"name":"ssh","properties":{{{{{{rule}}}}}}}]}""");
        string child = await MakeAsync(host, "networkSecurityGroups", "child", "{}");
        await host.DoAsync(HttpMethod.Put, child + "/securityRules/ssh", StackHost.Network, $$$$$$"""{"properties":{{{{{{rule}}}}}}}""");
        JsonNode left = (await host.GetAsync(whole + "/securityRules/ssh", StackHost.Network))["properties"]!;
        JsonNode right = (await host.GetAsync(child, StackHost.Network))["properties"]!["securityRules"]![0]!["properties"]!;
        Assert.True(JsonNode.DeepEquals(left, right));
        Assert.Equal("Inbound", left["direction"]!.GetValue<string>());
        await host.AssertRefusedAsync(400, "SecurityRuleConflict", HttpMethod.Put, child + "/securityRules/other", StackHost.Network, $$$$$$"""{"properties":{{{{{{rule}}}}}}}""");
    }

    [Fact]
    public async Task Peering_OfBothSides_IsConnectedUntilOneGoes()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string left = await MakeNetworkAsync(host, "left", "10.0.0.0/16", "a", "10.0.0.0/24");
        string right = await MakeNetworkAsync(host, "right", "10.1.0.0/16", "a", "10.1.0.0/24");
        string there = left + "/virtualNetworkPeerings/there";
        string back = right + "/virtualNetworkPeerings/back";
        await host.DoAsync(HttpMethod.Put, there, StackHost.Network, $$$$$$"""{"properties":{"remoteVirtualNetwork":{"id":"{{{{{{right}}}}}}"}}}""");
        Assert.Equal("Initiated", await StateAsync(host, there));
        await host.DoAsync(HttpMethod.Put, back, StackHost.Network, $$$$$$"""{"properties":{"remoteVirtualNetwork":{"id":"{{{{{{left}}}}}}"}}}""");
        Assert.Equal("Connected", await StateAsync(host, there));
        Assert.Equal("Connected", await StateAsync(host, back));
        await host.DoAsync(HttpMethod.Delete, back, StackHost.Network);
        Assert.Equal("Disconnected", await StateAsync(host, there));
    }

    [Fact]
    public async Task Etag_ChangesWhenABackReferenceDoes()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string network = await MakeNetworkAsync(host, "vnet", "10.0.0.0/16", "a", "10.0.1.0/24");
        string before = await EtagAsync(host, network);
        Assert.Equal(before, await EtagAsync(host, network));
        string nic = await MakeAsync(host, "networkInterfaces", "nic", $$$$$$"""{"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{{network}}}}}}/subnets/a"}}}]}""");
        string between = await EtagAsync(host, network);
        Assert.NotEqual(before, between);
        await host.DoAsync(HttpMethod.Delete, nic, StackHost.Network);
        Assert.NotEqual(between, await EtagAsync(host, network));
    }

    [Fact]
    public async Task DnsLabel_TakenByAnother_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string first = await MakeAsync(host, "publicIPAddresses", "first", """{"dnsSettings":{"domainNameLabel":"web"}}""");
        Assert.Equal("web.local.cloudapp.azurestack.external", (await host.GetAsync(first, StackHost.Network))["properties"]!["dnsSettings"]!["fqdn"]!.GetValue<string>());
        await host.AssertRefusedAsync(400, "DnsRecordInUse", HttpMethod.Put, Id(host, "publicIPAddresses", "second"), StackHost.Network, Body("""{"dnsSettings":{"domainNameLabel":"web"}}"""));
    }

    [Fact]
    public async Task Connection_GivesItsSharedKeyOnlyWhereAsked()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        string network = await MakeNetworkAsync(host, "vnet", "10.0.0.0/16", "GatewaySubnet", "10.0.1.0/24");
        string address = await MakeAsync(host, "publicIPAddresses", "pip", "{}");
        string gateway = await MakeAsync(host, "virtualNetworkGateways", "gw", $$$$$$"""{"gatewayType":"Vpn","vpnType":"RouteBased","sku":{"name":"Basic","tier":"Basic"},"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{{network}}}}}}/subnets/GatewaySubnet"},"publicIPAddress":{"id":"{{{{{{address}}}}}}"}}}]}""");
        string other = await MakeAsync(host, "localNetworkGateways", "far", """{"gatewayIpAddress":"203.0.113.9","localNetworkAddressSpace":{"addressPrefixes":["172.16.0.0/16"]}}""");
        string connection = await MakeAsync(host, "connections", "link", $$$$$$"""{"connectionType":"IPsec","sharedKey":"swordfish","virtualNetworkGateway1":{"id":"{{{{{{gateway}}}}}}"},"localNetworkGateway2":{"id":"{{{{{{other}}}}}}"}}""");
        Assert.DoesNotContain("swordfish", (await host.GetAsync(connection, StackHost.Network)).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("swordfish", (await host.GetAsync(connection + "/sharedkey", StackHost.Network))["value"]!.GetValue<string>());
        Assert.Equal("10.0.1.254", (await host.GetAsync(gateway, StackHost.Network))["properties"]!["bgpSettings"]!["bgpPeeringAddress"]!.GetValue<string>());
        await host.AssertRefusedAsync(400, "InUseResourceCannotBeDeleted", HttpMethod.Delete, gateway, StackHost.Network);
    }

    [Fact]
    public async Task Resources_FilteredByGroup_EndWithAnEmptyPage()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync(Group);
        await MakeAsync(host, "networkSecurityGroups", "nsg", "{}");
        string filter = Uri.EscapeDataString($"resourceGroup eq '{Group}'");
        JsonNode first = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, $"{host.Subscription}/resources?api-version={StackHost.Resources}&$filter={filter}"));
        Assert.Single(first["value"]!.AsArray());
        JsonNode last = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, first["nextLink"]!.GetValue<string>()));
        Assert.Empty(last["value"]!.AsArray());
        Assert.Null(last["nextLink"]);
    }

    private static string Id(StackHost host, string type, string name) => host.Id(Group, "Microsoft.Network/" + type, name);

    private static string Body(string properties) => $$$$$$"""{"location":"local","properties":{{{{{{properties}}}}}}}""";

    private static async Task<string> MakeAsync(StackHost host, string type, string name, string properties)
    {
        string id = Id(host, type, name);
        await host.DoAsync(HttpMethod.Put, id, StackHost.Network, Body(properties));
        return id;
    }

    private static Task<string> MakeNetworkAsync(StackHost host, string name, string space, string subnet, string prefix) =>
        MakeAsync(host, "virtualNetworks", name, $$$$$$"""{"addressSpace":{"addressPrefixes":["{{{{{{space}}}}}}"]},"subnets":[{"name":"{{{{{{subnet}}}}}}","properties":{"addressPrefix":"{{{{{{prefix}}}}}}"}}]}""");

    private static async Task<string> StateAsync(StackHost host, string peering) =>
        (await host.GetAsync(peering, StackHost.Network))["properties"]!["peeringState"]!.GetValue<string>();

    private static async Task<string> EtagAsync(StackHost host, string id) => (await host.GetAsync(id, StackHost.Network))["etag"]!.GetValue<string>();
}
