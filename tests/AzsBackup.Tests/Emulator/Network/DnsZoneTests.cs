using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Network;

public sealed class DnsZoneTests
{
    private const string Version = "2016-04-01";

    [Fact]
    public async Task RecordSets_AreListedByTypeAndAltogether()
    {
        await using StackHost host = await StackHost.StartAsync();
        string zone = await MakeZoneAsync(host);
        Assert.Equal(2, await CountAsync(host, zone));
        await host.DoAsync(HttpMethod.Put, zone + "/A/www", Version, """{"properties":{"TTL":300,"ARecords":[{"ipv4Address":"192.0.2.1"}]}}""");
        JsonNode record = await host.GetAsync(zone + "/A/www", Version);
        Assert.Equal("www.contoso.example.", record["properties"]!["fqdn"]!.GetValue<string>());
        Assert.Equal("192.0.2.1", record["properties"]!["ARecords"]![0]!["ipv4Address"]!.GetValue<string>());
        Assert.Equal(3, await CountAsync(host, zone));
        Assert.Single((await host.GetAsync(zone + "/A", Version))["value"]!.AsArray());
        Assert.Equal(3, (await host.GetAsync(zone + "/recordsets", Version))["value"]!.AsArray().Count);
        await host.DoAsync(HttpMethod.Delete, zone + "/A/www", Version);
        Assert.Equal(2, await CountAsync(host, zone));
    }

    [Fact]
    public async Task RecordSet_AgainstTheRules_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        string zone = await MakeZoneAsync(host);
        await host.AssertRefusedAsync(400, "BadRequest", HttpMethod.Put, zone + "/A/www", Version, """{"properties":{"ARecords":[]}}""");
        await host.DoAsync(HttpMethod.Put, zone + "/TXT/www", Version, """{"properties":{"TTL":300,"TXTRecords":[{"value":["hello"]}]}}""");
        await host.AssertRefusedAsync(400, "BadRequest", HttpMethod.Put, zone + "/CNAME/www", Version, """{"properties":{"TTL":300,"CNAMERecord":{"cname":"other.example"}}}""");
        await host.AssertRefusedAsync(400, "BadRequest", HttpMethod.Delete, zone + "/SOA/@", Version);
    }

    [Fact]
    public async Task Zone_Deleted_TakesItsRecordsWithIt()
    {
        await using StackHost host = await StackHost.StartAsync();
        string zone = await MakeZoneAsync(host);
        await host.DoAsync(HttpMethod.Delete, zone, Version);
        await host.AssertRefusedAsync(404, "ResourceNotFound", HttpMethod.Get, zone + "/SOA/@", Version);
        await MakeZoneAsync(host);
        Assert.Equal(2, await CountAsync(host, zone));
    }

    private static async Task<string> MakeZoneAsync(StackHost host)
    {
        await host.MakeGroupAsync("rg");
        string zone = host.Id("rg", "Microsoft.Network/dnsZones", "contoso.example");
        await host.DoAsync(HttpMethod.Put, zone, Version, """{"location":"global"}""");
        return zone;
    }

    private static async Task<int> CountAsync(StackHost host, string zone) =>
        (await host.GetAsync(zone, Version))["properties"]!["numberOfRecordSets"]!.GetValue<int>();
}
