using AzsBackup.Engine.Inventory.Security;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>Tables of what lies inside resources: security rules, routes, the rules of load balancers. Pure.</summary>
internal static class RuleTables
{
    /// <summary>The tables that have rows.</summary>
    public static IReadOnlyList<ReportTable> Of(ResourceInventory inventory, ReportText text) =>
        new[] { SecurityRules(inventory, text), BalancerRules(inventory, text), Routes(inventory, text) }.Where(table => table.Rows.Count > 0).ToList();

    private static ReportTable SecurityRules(ResourceInventory inventory, ReportText text) => Table(
        "security-rules",
        text,
        ["column.securityGroup", "column.direction", "#column.priority", "column.rule", "column.access", "column.protocol", "column.from", "column.to", "column.ports"],
        inventory.OfType("Microsoft.Network/networkSecurityGroups").SelectMany(group => SecurityRule.Of(group.Body).Select(rule => new[]
        {
            ReportCell.Link(group.Name, group.Anchor),
            ReportCell.Of(text[rule.IsInbound ? "direction.in" : "direction.out"]),
            ReportCell.Of((long?)rule.Priority),
            ReportCell.Of(rule.Name),
            ReportCell.Of(text[rule.IsAllow ? "access.allow" : "access.deny"]),
            ReportCell.Of(rule.Protocol),
            ReportCell.Of(rule.Sources),
            ReportCell.Of(rule.Destinations),
            ReportCell.Of(rule.DestinationPorts),
        })));

    private static ReportTable BalancerRules(ResourceInventory inventory, ReportText text) => Table(
        "load-balancer-rules",
        text,
        ["column.loadBalancer", "column.rule", "column.kind", "column.protocol", "#column.frontPort", "#column.backPort", "column.pool"],
        inventory.OfType("Microsoft.Network/loadBalancers").SelectMany(balancer => new[] { "loadBalancingRules", "inboundNatRules" }.SelectMany(kind =>
            balancer.Body.ItemsAt("properties", kind).Select(rule => new[]
            {
                ReportCell.Link(balancer.Name, balancer.Anchor),
                ReportCell.Of(rule.TextAt("name")),
                ReportCell.Of(text["balancer." + kind]),
                ReportCell.Of(rule.TextAt("properties", "protocol")),
                ReportCell.Of(rule.NumberAt("properties", "frontendPort")),
                ReportCell.Of(rule.NumberAt("properties", "backendPort")),
                ReportCell.Of(Last(rule.TextAt("properties", "backendAddressPool", "id"))),
            }))));

    private static ReportTable Routes(ResourceInventory inventory, ReportText text) => Table(
        "routes",
        text,
        ["column.routeTable", "column.route", "column.prefixes", "column.nextHop", "column.address"],
        inventory.OfType("Microsoft.Network/routeTables").SelectMany(table => table.Body.ItemsAt("properties", "routes").Select(route => new[]
        {
            ReportCell.Link(table.Name, table.Anchor),
            ReportCell.Of(route.TextAt("name")),
            ReportCell.Of(route.TextAt("properties", "addressPrefix")),
            ReportCell.Of(route.TextAt("properties", "nextHopType")),
            ReportCell.Of(route.TextAt("properties", "nextHopIpAddress")),
        })));

    // A heading's key with '#' in front is that of a column of numbers.
    private static ReportTable Table(string name, ReportText text, string[] columns, IEnumerable<ReportCell[]> rows) => new(
        name,
        text["table." + name],
        columns.Select(key => new ReportColumn(text[key.TrimStart('#')], key[0] == '#')).ToList(),
        rows.Select(cells => new ReportRow(cells)).ToList());

    private static string? Last(string? id) => id?[(id.LastIndexOf('/') + 1)..];
}
