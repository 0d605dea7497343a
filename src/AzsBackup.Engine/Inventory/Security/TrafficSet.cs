using AzsBackup.Engine.Inventory.Network;

namespace AzsBackup.Engine.Inventory.Security;

/// <summary>A set of pairs of a source address and a destination port, as products that have nothing in common.</summary>
/// <param name="Products">The products; none is empty.</param>
public sealed record TrafficSet(IReadOnlyList<(IntervalSet Sources, IntervalSet Ports)> Products)
{
    /// <summary>Every port there is.</summary>
    public static IntervalSet AllPorts { get; } = IntervalSet.Range(0, 65535);

    /// <summary>Nothing.</summary>
    public static TrafficSet None { get; } = new([]);

    /// <summary>Everything.</summary>
    public static TrafficSet All { get; } = new([(Ipv4.All, AllPorts)]);

    /// <summary>What is in both.</summary>
    public TrafficSet Intersect(TrafficSet other) => new(Products
        .SelectMany(mine => other.Products, (mine, theirs) => (Sources: mine.Sources.Intersect(theirs.Sources), Ports: mine.Ports.Intersect(theirs.Ports)))
        .Where(product => !product.Sources.IsEmpty && !product.Ports.IsEmpty)
        .ToList());

    /// <summary>What is in this one and not in the product.</summary>
    public TrafficSet Except(IntervalSet sources, IntervalSet ports) => new(Products
        .SelectMany(mine => new[]
        {
            (Sources: mine.Sources.Except(sources), mine.Ports),
            (Sources: mine.Sources.Intersect(sources), Ports: mine.Ports.Except(ports)),
        })
        .Where(product => !product.Sources.IsEmpty && !product.Ports.IsEmpty)
        .ToList());

    /// <summary>The union with one that has nothing in common with this.</summary>
    public TrafficSet Plus(TrafficSet disjoint) => new([.. Products, .. disjoint.Products]);

    /// <summary>
    /// The ports by source, for the sources of a region: first the ports open to all of it, if there are any; then, for each part
    /// of it, the ports open to that part besides, the largest part first.
    /// </summary>
    public IReadOnlyList<(IntervalSet Sources, IntervalSet Ports)> Within(IntervalSet region)
    {
        // Refine the region until every part lies wholly inside or outside of each product.
        var parts = new List<(IntervalSet Sources, IntervalSet Ports)> { (region, IntervalSet.None) };
        foreach (var (sources, ports) in Products)
        {
            parts = parts.SelectMany(part => new[]
            {
                (Sources: part.Sources.Intersect(sources), Ports: part.Ports.Union(ports)),
                (Sources: part.Sources.Except(sources), part.Ports),
            }).Where(part => !part.Sources.IsEmpty).ToList();
        }

        var common = parts.Aggregate(AllPorts, (ports, part) => ports.Intersect(part.Ports));
        var rest = parts
            .Select(part => (part.Sources, Ports: part.Ports.Except(common)))
            .Where(part => !part.Ports.IsEmpty)
            .GroupBy(part => part.Ports)
            .Select(same => (Sources: IntervalSet.Of(same.SelectMany(part => part.Sources.Intervals)), Ports: same.Key))
            .OrderByDescending(part => part.Sources.Count)
            .ThenBy(part => part.Sources.Intervals[0].First);
        return common.IsEmpty || region.IsEmpty ? rest.ToList() : [(region, common), .. rest];
    }
}
