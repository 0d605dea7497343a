using System.Text.Json;
using AzsBackup.Engine.Inventory;
using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Inventory.Security;
using AzsBackup.Tests.Engine.Fakes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Inventory.Security;

public sealed class InboundFilterTests
{
    private const string SecurityGroup = "Microsoft.Network/networkSecurityGroups";
    private static readonly string[] Sources = ["*", "Internet", "VirtualNetwork", "203.0.113.0/24", "203.0.113.7", "10.0.0.0/8", "10.1.2.0/24"];
    private static readonly string[] Ports = ["*", "22", "80", "20-30", "79-443"];
    private static readonly string[] Probes = ["203.0.113.7", "203.0.113.8", "8.8.8.8", "10.1.2.3", "10.9.9.9"];
    private static readonly long[] PortProbes = [21, 22, 23, 30, 31, 79, 80, 443, 444, 3389];

    /// <summary>The filter's sets say of every packet what going through the rules one by one says.</summary>
    [Property(MaxTest = 200)]
    public Property Allowed_AnyRules_IsWhatTheFirstFittingRuleSays() => Prop.ForAll(Rules, rules =>
    {
        var network = Ipv4.Parse("10.0.0.0/8")!;
        var allowed = new InboundFilter(network).Allowed(Make(rules), "Tcp", "10.1.0.4");
        return Probes.All(source => PortProbes.All(port =>
        {
            var address = Ipv4.Address(source)!.Value;
            return allowed.Products.Any(product => product.Sources.Contains(address) && product.Ports.Contains(port)) == Decide(rules, address, port, network);
        }));
    });

    [Property(MaxTest = 100)]
    public Property Within_AnyRules_SaysTheSameByParts() => Prop.ForAll(Rules, rules =>
    {
        var filter = new InboundFilter(Ipv4.Parse("10.0.0.0/8")!);
        var allowed = filter.Allowed(Make(rules), "Tcp", null);
        var parts = allowed.Within(filter.Internet);
        return Probes.Select(source => Ipv4.Address(source)!.Value).Where(filter.Internet.Contains).All(source => PortProbes.All(port =>
            parts.Any(part => part.Sources.Contains(source) && part.Ports.Contains(port))
            == allowed.Products.Any(product => product.Sources.Contains(source) && product.Ports.Contains(port))));
    });

    [Fact]
    public void Allowed_NoSecurityGroup_IsEverything() => Assert.Equal(TrafficSet.All, new InboundFilter(IntervalSet.None).Allowed(null, "Tcp", null));

    [Fact]
    public async Task Find_SampleTenant_TellsTheExposedFromTheOpen()
    {
        var inventory = await SampleTenant.Build(20).ReadAsync();
        var open = OpenPorts.Find(inventory, NetworkReading.Read(inventory)).Where(port => port.IsFromOutside).ToList();

        var jump = Assert.Single(open, port => port.Vm?.Name == "jump-1");
        Assert.True(jump.IsExposed);
        Assert.Equal("0-65535", jump.Reachable.ToString());
        var web = open.Where(port => port.Vm?.Name == "web-1-1").ToList();
        var https = Assert.Single(web, port => port.IsFromAll);
        Assert.True(https.IsExposed);
        Assert.Equal("443", https.Reachable.ToString());
        Assert.Equal("web-lb-1", Assert.Single(https.Entrances).LoadBalancer?.Name);
        var ssh = Assert.Single(web, port => !port.IsFromAll);
        Assert.Equal("22", ssh.Ports.ToString());
        Assert.Equal(["203.0.113.0/24"], Ipv4.Prefixes(ssh.Sources));
        Assert.True(ssh.Reachable.IsEmpty);
        Assert.DoesNotContain(open, port => port.Vm?.Name.StartsWith("db", StringComparison.Ordinal) == true);
    }

    private static Arbitrary<(bool Allow, string Source, string Port, string Protocol)[]> Rules =>
        (from allow in Gen.Elements(true, false)
         from source in Gen.Elements(Sources)
         from port in Gen.Elements(Ports)
         from protocol in Gen.Elements("*", "Tcp", "Udp")
         select (allow, source, port, protocol)).ArrayOf().ToArbitrary();

    private static InventoryResource Make((bool Allow, string Source, string Port, string Protocol)[] rules)
    {
        var id = CaptureBuilder.Id("g", SecurityGroup, "n");
        var body = JsonSerializer.SerializeToElement(new
        {
            properties = new
            {
                securityRules = rules.Select((rule, index) => new
                {
                    name = $"r{index}",
                    properties = new
                    {
                        priority = 100 + index,
                        direction = "Inbound",
                        access = rule.Allow ? "Allow" : "Deny",
                        protocol = rule.Protocol,
                        sourceAddressPrefix = rule.Source,
                        sourcePortRange = "*",
                        destinationAddressPrefix = "*",
                        destinationPortRange = rule.Port,
                    },
                }).ToArray(),
            },
        });
        return new InventoryResource(AzsBackup.Engine.Stacks.ResourceId.Parse(id), new() { Id = id, Type = SecurityGroup, Status = AzsBackup.Model.AzsCaptureStatus.Captured }, body);
    }

    private static bool Decide((bool Allow, string Source, string Port, string Protocol)[] rules, long source, long port, IntervalSet network)
    {
        bool IsFrom(string text) => text switch
        {
            "*" => true,
            "VirtualNetwork" => network.Contains(source),
            "Internet" => !network.Contains(source),
            _ => Ipv4.Parse(text)!.Contains(source),
        };
        bool IsTo(string text) => text == "*" || (long.Parse(text.Split('-')[0], null) <= port && port <= long.Parse(text.Split('-')[^1], null));
        foreach (var rule in rules)
        {
            if (rule.Protocol != "Udp" && IsFrom(rule.Source) && IsTo(rule.Port)) return rule.Allow;
        }

        return network.Contains(source);
    }
}
