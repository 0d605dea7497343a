using System.Globalization;
using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Inventory.Protection;
using AzsBackup.Engine.Inventory.Security;
using AzsBackup.Engine.Inventory.Tables;
using AzsBackup.Engine.Inventory.Topology;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory;

/// <summary>Writes an inventory's page, section by section.</summary>
internal sealed class InventoryPage(
    ResourceInventory inventory,
    IReadOnlyList<VirtualNetworkView> networks,
    IReadOnlyList<OpenPort> ports,
    IReadOnlyList<VmProtection>? protections,
    ReportText text)
{
    private readonly List<(ReportPart Link, bool IsBelow)> _links = [];

    /// <summary>Writes the page.</summary>
    public byte[] Write()
    {
        var tables = ResourceTables.Of(inventory, text);
        foreach (var section in new[] { "overview", "topology", "networks", "ports", "protection", "resources" }) AddLink("section-" + section, text["section." + section], false);
        foreach (var table in tables) AddLink(AnchorOf(table), $"{table.Title} ({table.Rows.Count.ToString(CultureInfo.InvariantCulture)})", true);
        foreach (var section in new[] { "rules", "tags" }) AddLink("section-" + section, text["section." + section], false);
        var subtitle = text.Format(
            "page.subtitle", inventory.Stack, inventory.CapturedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), string.Join(", ", inventory.Scopes));
        return ReportPage.Write(text["page.inventory"], subtitle, text, _links, html =>
        {
            WriteOverview(html);
            WriteTopology(html);
            WriteNetworks(html);
            WritePorts(html);
            WriteProtection(html);
            Section(html, "resources", () =>
            {
                foreach (var table in tables) Block(html, AnchorOf(table), table);
            });
            Section(html, "rules", () =>
            {
                foreach (var table in RuleTables.Of(inventory, text)) Block(html, "rules-" + table.Name, table);
            });
            Section(html, "tags", () => ReportTableHtml.Write(html, OverviewTables.Tags(inventory, text)));
        });
    }

    private void WriteOverview(HtmlWriter html) => Section(html, "overview", () =>
    {
        var missing = OverviewTables.Missing(inventory, text);
        html.Start("ul", ("class", "cards")).Line();
        Card(html, inventory.Resources.Count, "card.resources", ReportTone.Plain);
        Card(html, inventory.OfType("Microsoft.Compute/virtualMachines").Count(), "card.vms", ReportTone.Plain);
        Card(html, networks.Count, "card.networks", ReportTone.Plain);
        var exposed = ports.Where(port => port.IsExposed).Select(port => port.Nic).Distinct().Count();
        Card(html, exposed, "card.exposed", exposed > 0 ? ReportTone.Warning : ReportTone.Plain);
        if (protections is not null)
        {
            var bare = protections.Count(protection => !protection.IsProtected);
            Card(html, bare, "card.unprotected", bare > 0 ? ReportTone.Bad : ReportTone.Plain);
        }

        Card(html, missing.Rows.Count, "card.missing", missing.Rows.Count > 0 ? ReportTone.Bad : ReportTone.Plain);
        html.End().Line();
        if (missing.Rows.Count == 0) html.Element("p", text["overview.complete"]).Line();
        else ReportTableHtml.Write(html, missing, isCaptionShown: true);
        html.Start("div", ("class", "columns")).Line();
        ReportTableHtml.Write(html, OverviewTables.ByType(inventory, text), isCaptionShown: true);
        html.Start("div");
        ReportTableHtml.Write(html, OverviewTables.ByGroup(inventory, text), isCaptionShown: true);
        ReportTableHtml.Write(html, OverviewTables.ByLocation(inventory, text), isCaptionShown: true);
        html.End().End().Line();
    });

    private void Card(HtmlWriter html, int number, string key, ReportTone tone) => html
        .Start("li", ("class", tone switch { ReportTone.Bad => "bad", ReportTone.Warning => "warning", _ => null }))
        .Element("strong", number.ToString(CultureInfo.InvariantCulture)).Element("span", text[key]).End().Line();

    private void WriteTopology(HtmlWriter html) => Section(html, "topology", () =>
    {
        var drawing = TopologyLayout.Draw(inventory, networks, text);
        if (drawing.Boxes.Count == 0)
        {
            html.Element("p", text["networks.none"]).Line();
            return;
        }

        html.Element("p", text["topology.explanation"]).Line();
        html.Start("ul", ("class", "legend"));
        foreach (var mark in new[] { "vm", "lb", "gateway", "nic", "public" })
        {
            html.Start("li").Start("span", ("class", "mark-" + mark)).End().Text(text["legend." + mark]).End();
        }

        html.End().Line();
        TopologySvg.Write(html, drawing, text["section.topology"], text.Format(
            "topology.description", networks.Count, networks.Sum(network => network.Subnets.Count), networks.Sum(network => network.Peerings.Count)));
    });

    private void WriteNetworks(HtmlWriter html) => Section(html, "networks", () =>
    {
        if (networks.Count == 0) html.Element("p", text["networks.none"]).Line();
        else ReportTableHtml.Write(html, NetworkTables.Subnets(inventory, networks, text), isCaptionShown: true);
        foreach (var network in networks)
        {
            html.Start("div", ("class", "block"), ("id", network.Anchor));
            html.Start("h3").Element("a", network.Resource.Name, ("href", "#" + network.Resource.Anchor)).End().Line();
            html.Element("p", string.Join(", ", network.Prefixes), ("class", "soft")).Line();
            foreach (var subnet in network.Subnets) WriteSubnet(html, subnet);
            html.End().Line();
        }
    });

    private void WriteSubnet(HtmlWriter html, SubnetView subnet)
    {
        html.Start("div", ("class", "block"), ("id", subnet.Anchor)).Element("h4", $"{subnet.Name} {string.Join(", ", subnet.Prefixes)}").Line();
        html.Start("p");
        html.Text(text.Format("subnet.summary", subnet.Addresses.Count, subnet.Free.Count, NetworkTables.NextFree(subnet) ?? "–")).Text(" · ");
        if (subnet.SecurityGroupId is not null) html.Text("NSG: ");
        Link(html, subnet.SecurityGroupId, text["topology.unguarded"]);
        html.Text(" · ").Text(text["column.routeTable"]).Text(": ");
        Link(html, subnet.RouteTableId, "–");
        html.End().Line();
        if (subnet.Addresses.Count > 0) ReportTableHtml.Write(html, NetworkTables.Of(subnet, text));
        html.End().Line();
    }

    private void Link(HtmlWriter html, string? id, string otherwise)
    {
        var part = ResourceLinks.To(inventory, id).FirstOrDefault(new ReportPart(otherwise));
        if (part.Target is null) html.Text(part.Text);
        else html.Element("a", part.Text, ("href", "#" + part.Target));
    }

    private void WritePorts(HtmlWriter html) => Section(html, "ports", () =>
    {
        html.Element("p", text["ports.explanation"]).Line();
        var outside = PortTable.Of(ports, fromOutside: true, text);
        if (outside.Rows.Count == 0) html.Element("p", text["ports.none"]).Line();
        else ReportTableHtml.Write(html, outside, isCaptionShown: true);
        var inside = PortTable.Of(ports, fromOutside: false, text);
        if (inside.Rows.Count > 0)
        {
            html.Start("details").Element("summary", $"{inside.Title} ({inside.Rows.Count.ToString(CultureInfo.InvariantCulture)})").Line();
            ReportTableHtml.Write(html, inside);
            html.End().Line();
        }

        var unclear = OpenPorts.Unclear(inventory).Select(pair => $"{pair.SecurityGroup.Name}/{pair.Rule.Name}").ToList();
        if (unclear.Count > 0) html.Element("p", text.Format("ports.unclear", string.Join(", ", unclear))).Line();
    });

    private void WriteProtection(HtmlWriter html) => Section(html, "protection", () =>
    {
        if (protections is null) html.Element("p", text["protection.unknown"]).Line();
        else if (protections.Count == 0) html.Element("p", text["protection.noVms"]).Line();
        else ReportTableHtml.Write(html, ProtectionTable.Of(protections, text));
    });

    private void Section(HtmlWriter html, string name, Action write)
    {
        html.Start("section", ("class", "block"), ("id", "section-" + name)).Element("h2", text["section." + name]).Line();
        write();
        html.End().Line();
    }

    private static void Block(HtmlWriter html, string anchor, ReportTable table)
    {
        html.Start("div", ("class", "block"), ("id", anchor));
        html.Element("h3", $"{table.Title} ({table.Rows.Count.ToString(CultureInfo.InvariantCulture)})").Line();
        ReportTableHtml.Write(html, table);
        html.End().Line();
    }

    private void AddLink(string target, string title, bool isBelow) => _links.Add((new ReportPart(title, target), isBelow));

    private static string AnchorOf(ReportTable table) => "table-" + table.Name;
}
