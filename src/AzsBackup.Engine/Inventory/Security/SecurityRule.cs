using System.Globalization;
using System.Text.Json;
using AzsBackup.Engine.Inventory.Network;

namespace AzsBackup.Engine.Inventory.Security;

/// <summary>One rule of a network security group.</summary>
public sealed record SecurityRule
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its priority: the lowest number decides.</summary>
    public required long Priority { get; init; }

    /// <summary>Whether it is for what comes in.</summary>
    public required bool IsInbound { get; init; }

    /// <summary>Whether it lets through what it is for.</summary>
    public required bool IsAllow { get; init; }

    /// <summary><c>Tcp</c>, <c>Udp</c> or <c>*</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Where from: prefixes, addresses, tags or <c>*</c>.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>From which ports.</summary>
    public required IReadOnlyList<string> SourcePorts { get; init; }

    /// <summary>Where to.</summary>
    public required IReadOnlyList<string> Destinations { get; init; }

    /// <summary>To which ports.</summary>
    public required IReadOnlyList<string> DestinationPorts { get; init; }

    /// <summary>The ports it is for.</summary>
    public IntervalSet Ports => IntervalSet.Of(DestinationPorts.Select(ParsePorts));

    /// <summary>
    /// The inbound rules every group ends with.
    /// Source: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules.
    /// </summary>
    public static IReadOnlyList<SecurityRule> InboundDefaults { get; } =
    [
        Default("AllowVnetInBound", 65000, "VirtualNetwork", "VirtualNetwork", isAllow: true),
        Default("AllowAzureLoadBalancerInBound", 65001, "AzureLoadBalancer", "*", isAllow: true),
        Default("DenyAllInBound", 65500, "*", "*", isAllow: false),
    ];

    /// <summary>The rules of a group, by direction and priority, without those every group has.</summary>
    public static IReadOnlyList<SecurityRule> Of(JsonElement securityGroup) => securityGroup.ItemsAt("properties", "securityRules")
        .Select(Parse)
        .OrderByDescending(rule => rule.IsInbound).ThenBy(rule => rule.Priority).ThenBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase)
        .ToList();

    private static SecurityRule Parse(JsonElement rule) => new()
    {
        Name = rule.TextAt("name") ?? "?",
        Priority = rule.NumberAt("properties", "priority") ?? 0,
        IsInbound = Is(rule.TextAt("properties", "direction"), "Inbound"),
        IsAllow = Is(rule.TextAt("properties", "access"), "Allow"),
        Protocol = rule.TextAt("properties", "protocol") ?? "*",
        Sources = Several(rule, "sourceAddressPrefix", "sourceAddressPrefixes"),
        SourcePorts = Several(rule, "sourcePortRange", "sourcePortRanges"),
        Destinations = Several(rule, "destinationAddressPrefix", "destinationAddressPrefixes"),
        DestinationPorts = Several(rule, "destinationPortRange", "destinationPortRanges"),
    };

    private static List<string> Several(JsonElement rule, string one, string many) =>
        rule.TextsAt("properties", many).Concat(rule.TextAt("properties", one) is { Length: > 0 } single ? [single] : []).ToList();

    private static (long First, long Last) ParsePorts(string text)
    {
        if (text == "*") return (0, 65535);
        var parts = text.Split('-');
        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? (first, last) : (1, 0);
    }

    private static bool Is(string? text, string word) => word.Equals(text, StringComparison.OrdinalIgnoreCase);

    private static SecurityRule Default(string name, long priority, string source, string destination, bool isAllow) => new()
    {
        Name = name,
        Priority = priority,
        IsInbound = true,
        IsAllow = isAllow,
        Protocol = "*",
        Sources = [source],
        SourcePorts = ["*"],
        Destinations = [destination],
        DestinationPorts = ["*"],
    };
}
