using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>
/// Lays out the networks: one below the other, in each its entrance (load balancers) and its subnets one below the other, in
/// each its machines. What connects networks runs in the margins: peerings on the left, the Internet and VPNs on the right. So
/// no line crosses a text and the drawing grows downwards only. The same inventory gives the same drawing. Pure.
/// </summary>
public sealed class TopologyLayout
{
    internal const double BoxWidth = 1080;
    internal const double Gap = 28;
    internal const double Lane = 12;

    private const double Edge = 8;

    private readonly ResourceInventory _inventory;
    private readonly IReadOnlyList<VirtualNetworkView> _networks;
    private readonly ReportText _text;

    private TopologyLayout(ResourceInventory inventory, IReadOnlyList<VirtualNetworkView> networks, ReportText text)
    {
        _inventory = inventory;
        _networks = networks;
        _text = text;
    }

    /// <summary>Lays out. Without networks there is nothing to draw, and the drawing has no boxes.</summary>
    public static TopologyDrawing Draw(ResourceInventory inventory, IReadOnlyList<VirtualNetworkView> networks, ReportText text) =>
        new TopologyLayout(inventory, networks, text).Draw();

    private TopologyDrawing Draw()
    {
        // First with the left margin at 0, to know who is where; then moved to the right of the margin's lanes.
        var boxes = new List<TopologyBox>();
        var inner = new List<TopologyLine>();
        var byId = new Dictionary<string, TopologyBox>(StringComparer.OrdinalIgnoreCase);
        var y = Edge;
        var publics = _networks.Where(HasEntrance).ToList();
        var internet = publics.Count == 0 ? null : Cloud(_text["topology.internet"], "", null, ref y);
        if (internet is not null) boxes.Add(internet);
        foreach (var network in _networks)
        {
            var (box, lines) = new TopologyNetwork(_inventory, network, _text).Place(0, y);
            boxes.Add(box);
            inner.AddRange(lines);
            byId[network.Resource.Id.ToString()] = box;
            y = box.Bottom + Gap;
        }

        foreach (var peering in _networks.SelectMany(network => network.Peerings).OrderBy(peering => peering.RemoteId, StringComparer.OrdinalIgnoreCase))
        {
            if (byId.ContainsKey(peering.RemoteId)) continue;
            var name = peering.RemoteId[(peering.RemoteId.LastIndexOf('/') + 1)..];
            boxes.Add(byId[peering.RemoteId] = Cloud(name, _text["topology.elsewhere"], null, ref y));
        }

        foreach (var far in _networks.SelectMany(network => network.Connections).Select(connection => connection.LocalGateway).OfType<InventoryResource>().Distinct())
        {
            var detail = string.Join(" · ", new[] { far.Body.TextAt("properties", "gatewayIpAddress") }.OfType<string>()
                .Concat(far.Body.TextsAt("properties", "localNetworkAddressSpace", "addressPrefixes")));
            boxes.Add(byId[far.Id.ToString()] = Cloud(far.Name, detail, far.Anchor, ref y));
        }

        if (boxes.Count == 0) return new TopologyDrawing(BoxWidth, 0, [], []);
        var left = Peerings(byId);
        var right = Roads(byId, internet, publics);
        var (leftLines, leftWidth) = Run(left, isLeft: true);
        var (rightLines, rightWidth) = Run(right, isLeft: false);
        var shift = leftWidth + Edge;
        return new TopologyDrawing(
            shift + BoxWidth + rightWidth + Edge,
            boxes.Max(box => box.Bottom) + Edge,
            boxes.Select(box => TopologyShift.Move(box, shift)).ToList(),
            leftLines.Concat(rightLines).Concat(inner).Select(line => TopologyShift.Move(line, shift)).ToList());
    }

    private bool HasEntrance(VirtualNetworkView network) =>
        TopologyItems.BalancersOf(network, _inventory).Any(item => item.IsPublic)
        || network.Subnets.SelectMany(subnet => subnet.Addresses).Any(address => address.PublicAddress is not null);

    // Peerings that share a network share a line, so that a hub with many spokes has one, not as many as spokes.
    private List<(string Style, string Title, List<TopologyBox> Ends)> Peerings(Dictionary<string, TopologyBox> byId)
    {
        var open = _networks
            .SelectMany(network => network.Peerings.Select(peering => new[] { network.Resource.Id.ToString(), peering.RemoteId }.Order(StringComparer.OrdinalIgnoreCase).ToArray()))
            .Where(pair => !pair[0].Equals(pair[1], StringComparison.OrdinalIgnoreCase))
            .DistinctBy(pair => $"{pair[0]} {pair[1]}", StringComparer.OrdinalIgnoreCase)
            .ToList();
        var lines = new List<(string, string, List<TopologyBox>)>();
        while (open.Count > 0)
        {
            var hub = open.SelectMany(pair => pair).GroupBy(id => id, StringComparer.OrdinalIgnoreCase)
                .OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.OrdinalIgnoreCase).First().Key;
            var mine = open.Where(pair => pair.Contains(hub, StringComparer.OrdinalIgnoreCase)).ToList();
            open = open.Except(mine).ToList();
            var ends = mine.SelectMany(pair => pair).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            var names = string.Join(", ", ends.Select(id => id[(id.LastIndexOf('/') + 1)..]));
            lines.Add(("bus", _text.Format("topology.peering", names), ends.Select(id => byId[id]).ToList()));
        }

        return lines;
    }

    private List<(string Style, string Title, List<TopologyBox> Ends)> Roads(
        Dictionary<string, TopologyBox> byId, TopologyBox? internet, List<VirtualNetworkView> publics)
    {
        var roads = new List<(string, string, List<TopologyBox>)>();
        if (internet is not null)
        {
            roads.Add(("internet", _text["topology.internet"], [internet, .. publics.Select(network => byId[network.Resource.Id.ToString()])]));
        }

        foreach (var network in _networks)
        {
            var ends = network.Connections.Select(connection => connection.LocalGateway).OfType<InventoryResource>().Distinct().ToList();
            if (ends.Count == 0) continue;
            var names = string.Join(", ", network.Connections.Select(connection => connection.Connection.Name));
            roads.Add(("bus", _text.Format("topology.vpn", names), [byId[network.Resource.Id.ToString()], .. ends.Select(end => byId[end.Id.ToString()])]));
        }

        return roads;
    }

    // Each line joins a box at a height of its own, so that two lines never lie on each other.
    private static (List<TopologyLine> Lines, double Width) Run(List<(string Style, string Title, List<TopologyBox> Ends)> roads, bool isLeft)
    {
        if (roads.Count == 0) return ([], 0);
        var joints = new Dictionary<TopologyBox, int>(ReferenceEqualityComparer.Instance);
        var heights = roads.Select(road => road.Ends.Select(end =>
        {
            var joint = joints[end] = joints.GetValueOrDefault(end) + 1;
            return end.Y + Math.Min(10 + (7 * joint), end.Height - 4);
        }).ToList()).ToList();
        var lanes = TopologyLanes.Assign(heights.Select(ys => (ys.Min(), ys.Max())).ToList());
        var lines = roads.Select((road, index) =>
        {
            var edge = isLeft ? 0 : BoxWidth;
            var x = isLeft ? -Lane * (lanes[index] + 1.5) : BoxWidth + (Lane * (lanes[index] + 1.5));
            var ys = heights[index];
            return new TopologyLine(
                road.Style,
                road.Title,
                [(x, ys.Min(), x, ys.Max()), .. ys.Select(y => (x, y, edge, y))],
                ys.Select(y => (edge, y)).ToList());
        }).ToList();
        return (lines, Lane * (lanes.Max() + 2.5));
    }

    private static TopologyBox Cloud(string name, string detail, string? target, ref double y)
    {
        const double height = 34;
        const double width = BoxWidth;
        var title = TextMeasure.Fit(name, width / 2, 13, isBold: true);
        var x = 14 + TextMeasure.Width(title, 13, isBold: true) + 16;
        var texts = new List<TopologyText> { new(14, y + 22, title, 13, IsBold: true) };
        if (detail.Length > 0) texts.Add(new TopologyText(x, y + 22, TextMeasure.Fit(detail, width - x - 14, 12, isBold: false), 12, IsMinor: true));
        var box = new TopologyBox { Style = "cloud", X = 0, Y = y, Width = width, Height = height, Title = $"{name} {detail}".Trim(), Target = target, Texts = texts };
        y = box.Bottom + Gap;
        return box;
    }
}
