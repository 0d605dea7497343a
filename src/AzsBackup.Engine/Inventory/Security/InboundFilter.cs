using AzsBackup.Engine.Inventory.Network;

namespace AzsBackup.Engine.Inventory.Security;

/// <summary>
/// Works out what a network security group lets in to one address: its rules in order of priority, the first one that fits
/// decides. A denial that holds for some source ports only is not counted as one, so nothing open is overlooked.
/// </summary>
/// <param name="networkSpace">What the tag <c>VirtualNetwork</c> means there.</param>
public sealed class InboundFilter(IntervalSet networkSpace)
{
    // The platform's own probes and services. Source: service tag AzureLoadBalancer.
    private static readonly IntervalSet LoadBalancer = Ipv4.Parse("168.63.129.16")!;

    /// <summary>The addresses outside of the network: the Internet, as the tag means it.</summary>
    public IntervalSet Internet { get; } = Ipv4.All.Except(networkSpace).Except(LoadBalancer);

    /// <summary>What the tag <c>VirtualNetwork</c> means.</summary>
    public IntervalSet NetworkSpace => networkSpace;

    /// <summary>What is let in.</summary>
    /// <param name="securityGroup">The group; null if there is none, and then it is everything.</param>
    /// <param name="protocol"><c>Tcp</c> or <c>Udp</c>.</param>
    /// <param name="destination">The address; null if it is not known, and then every rule is taken to be for it.</param>
    public TrafficSet Allowed(InventoryResource? securityGroup, string protocol, string? destination)
    {
        if (securityGroup is null) return TrafficSet.All;
        var undecided = TrafficSet.All;
        var allowed = TrafficSet.None;
        foreach (var rule in SecurityRule.Of(securityGroup.Body).Where(rule => rule.IsInbound).Concat(SecurityRule.InboundDefaults))
        {
            if (rule.Protocol != "*" && !rule.Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase)) continue;
            if (!rule.IsAllow && !rule.SourcePorts.Contains("*")) continue;
            if (Ipv4.Address(destination) is { } address && !Meaning(rule.Destinations).Contains(address)) continue;
            var sources = Meaning(rule.Sources);
            var ports = rule.Ports;
            if (rule.IsAllow) allowed = allowed.Plus(undecided.Intersect(new TrafficSet([(sources, ports)])));
            undecided = undecided.Except(sources, ports);
        }

        return allowed;
    }

    /// <summary>Whether a rule names an address or tag that has no meaning here, so that it could not be counted.</summary>
    public bool IsUnclear(SecurityRule rule) => rule.Sources.Concat(rule.Destinations).Any(text => Meaning(text) is null);

    private IntervalSet Meaning(IEnumerable<string> texts) => IntervalSet.Of(texts.SelectMany(text => Meaning(text)?.Intervals ?? []));

    private IntervalSet? Meaning(string text) => text.ToUpperInvariant() switch
    {
        "*" or "ANY" or "0.0.0.0/0" => Ipv4.All,
        "INTERNET" => Internet,
        "VIRTUALNETWORK" => networkSpace,
        "AZURELOADBALANCER" => LoadBalancer,
        _ => Ipv4.Parse(text),
    };
}
