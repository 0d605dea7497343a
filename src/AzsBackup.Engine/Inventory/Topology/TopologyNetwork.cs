using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>Lays out one network: a heading, its load balancers, its subnets. Pure.</summary>
/// <param name="inventory">What the network is part of.</param>
/// <param name="network">The network.</param>
/// <param name="text">The words of the drawing.</param>
internal sealed class TopologyNetwork(ResourceInventory inventory, VirtualNetworkView network, ReportText text)
{
    private const double Padding = 16;
    private const double Heading = 36;
    private const double ChipHeight = 40;
    private const double ChipGap = 14;
    private const int Columns = 5;

    // More lines than these at a network's left edge could not be told apart.
    private const int MostLines = 6;

    private readonly List<TopologyLine> _lines = [];

    /// <summary>Places it with its upper left corner at a point.</summary>
    public (TopologyBox Box, IReadOnlyList<TopologyLine> Lines) Place(double x, double y)
    {
        var balancers = TopologyItems.BalancersOf(network, inventory);
        var lined = balancers.Where(balancer => balancer.Subnets.Count > 0).Take(MostLines).ToList();
        var margin = Padding + (lined.Count * TopologyLayout.Lane);
        var inner = x + margin;
        var width = TopologyLayout.BoxWidth - margin - Padding;
        var boxes = new List<TopologyBox>();
        var at = y + Heading;

        var chips = Chips(balancers, inner, at, width);
        boxes.AddRange(chips);
        if (chips.Count > 0) at = chips.Max(chip => chip.Bottom) + 10 + (lined.Count * 6) + 6;

        var bySubnet = new Dictionary<string, TopologyBox>(StringComparer.OrdinalIgnoreCase);
        foreach (var subnet in network.Subnets)
        {
            var box = PlaceSubnet(subnet, inner, at, width);
            boxes.Add(box);
            bySubnet[subnet.Id] = box;
            at = box.Bottom + 12;
        }

        for (var index = 0; index < lined.Count; index++) Connect(lined[index], chips[IndexOf(balancers, lined[index])], index, x, bySubnet, chips.Max(chip => chip.Bottom));
        var bottom = Math.Max(at - 12, y + Heading - 8) + Padding;
        var detail = string.Join(" · ", network.Prefixes.Concat([network.Resource.Id.ResourceGroupName ?? ""]).Where(part => part.Length > 0));
        var box1 = new TopologyBox
        {
            Style = "vnet",
            X = x,
            Y = y,
            Width = TopologyLayout.BoxWidth,
            Height = bottom - y,
            Title = $"{network.Resource.Name} {detail}",
            Texts = Title(network.Resource.Name, detail, network.Anchor, x + Padding, y + 23, TopologyLayout.BoxWidth - (2 * Padding), 15),
            Boxes = boxes,
        };
        return (box1, _lines);
    }

    private TopologyBox PlaceSubnet(SubnetView subnet, double x, double y, double width)
    {
        var items = TopologyItems.Of(subnet, text);
        var chips = Chips(items, x + 12, y + 32, width - 24);
        var guard = inventory.Find(subnet.SecurityGroupId)?.Name;
        var detail = string.Join(" · ", subnet.Prefixes
            .Append(guard is null ? text["topology.unguarded"] : $"NSG {guard}")
            .Append(text.Format("topology.free", subnet.Free.Count)));
        return new TopologyBox
        {
            Style = "subnet",
            X = x,
            Y = y,
            Width = width,
            Height = (chips.Count == 0 ? y + 32 : chips.Max(chip => chip.Bottom) + 12) - y,
            Title = $"{subnet.Name} {detail}",
            Texts = Title(subnet.Name, detail, subnet.Anchor, x + 12, y + 21, width - 24, 13),
            Boxes = chips,
        };
    }

    private static List<TopologyText> Title(string name, string detail, string target, double x, double baseline, double width, double size)
    {
        var title = TextMeasure.Fit(name, width * 0.45, size, isBold: true);
        var after = TextMeasure.Width(title, size, isBold: true) + 16;
        return
        [
            new TopologyText(x, baseline, title, size, IsBold: true, Target: target),
            new TopologyText(x + after, baseline, TextMeasure.Fit(detail, width - after, 12, isBold: false), 12, IsMinor: true),
        ];
    }

    private static List<TopologyBox> Chips(IReadOnlyList<TopologyItem> items, double x, double y, double width)
    {
        var chipWidth = (width - ((Columns - 1) * ChipGap)) / Columns;
        return items.Select((item, index) =>
        {
            var left = x + (index % Columns * (chipWidth + ChipGap));
            var top = y + (index / Columns * (ChipHeight + 10));
            var room = chipWidth - 30;
            var texts = new List<TopologyText> { new(left + 12, top + (item.Detail.Length > 0 ? 17 : 24), TextMeasure.Fit(item.Name, room, 12, isBold: true), 12, IsBold: true) };
            if (item.Detail.Length > 0) texts.Add(new TopologyText(left + 12, top + 32, TextMeasure.Fit(item.Detail, room, 11, isBold: false), 11, IsMinor: true));
            return new TopologyBox
            {
                Style = "chip",
                X = left,
                Y = top,
                Width = chipWidth,
                Height = ChipHeight,
                Title = $"{item.Name} {item.Detail}".Trim(),
                Target = item.Target,
                Mark = item.Kind,
                IsPublic = item.IsPublic,
                Texts = texts,
            };
        }).ToList();
    }

    // From the balancer's left edge down the gap between the columns, along below the balancers, down the network's left
    // margin, and right to each subnet.
    private void Connect(TopologyItem item, TopologyBox chip, int index, double x, Dictionary<string, TopologyBox> bySubnet, double below)
    {
        var ends = item.Subnets.Where(bySubnet.ContainsKey).Select(id => bySubnet[id]).ToList();
        if (ends.Count == 0) return;
        var lane = x + 10 + (index * TopologyLayout.Lane);
        var middle = chip.Y + (ChipHeight / 2);
        var gap = chip.X - 3 - (index / Columns * 4);
        var level = below + 10 + (index * 6);
        var heights = ends.Select(end => end.Y + Math.Min(8 + (index * 4), end.Height - 4)).ToList();
        _lines.Add(new TopologyLine(
            item.IsPublic ? "internet" : "bus",
            text.Format("topology.balances", item.Name),
            [(chip.X, middle, gap, middle), (gap, middle, gap, level), (gap, level, lane, level), (lane, level, lane, heights.Max()), .. heights.Zip(ends, (y, end) => (lane, y, end.X, y))],
            [(chip.X, middle), .. heights.Zip(ends, (y, end) => (end.X, y))]));
    }

    private static int IndexOf(IReadOnlyList<TopologyItem> items, TopologyItem item)
    {
        for (var index = 0; index < items.Count; index++)
        {
            if (ReferenceEquals(items[index], item)) return index;
        }

        return -1;
    }
}
