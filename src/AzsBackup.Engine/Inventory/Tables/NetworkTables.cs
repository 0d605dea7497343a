using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>Tables of subnets and what is in them. Pure.</summary>
internal static class NetworkTables
{
    /// <summary>All addresses in use, of all networks: for a file.</summary>
    public static ReportTable Addresses(IReadOnlyList<VirtualNetworkView> networks, ReportText text) => new(
        "addresses",
        text["table.addresses"],
        [new(text["column.network"]), new(text["column.subnet"]), .. Columns(text)],
        networks.SelectMany(network => network.Subnets.SelectMany(subnet => subnet.Addresses.Select(address => new ReportRow(
            [ReportCell.Link(network.Resource.Name, network.Resource.Anchor), ReportCell.Link(subnet.Name, subnet.Anchor), .. Cells(address, text)])))).ToList());

    /// <summary>The subnets of all networks: for a file.</summary>
    public static ReportTable Subnets(ResourceInventory inventory, IReadOnlyList<VirtualNetworkView> networks, ReportText text) => new(
        "subnets",
        text["table.subnets"],
        [
            new(text["column.network"]), new(text["column.subnet"]), new(text["column.prefixes"]), new(text["column.inUse"], true), new(text["column.free"], true),
            new(text["column.nextFree"]), new(text["column.securityGroup"]), new(text["column.routeTable"]),
        ],
        networks.SelectMany(network => network.Subnets.Select(subnet => new ReportRow(
            [
                ReportCell.Link(network.Resource.Name, network.Resource.Anchor),
                ReportCell.Link(subnet.Name, subnet.Anchor),
                ReportCell.Of(subnet.Prefixes),
                ReportCell.Of((long?)subnet.Addresses.Count),
                ReportCell.Of((long?)subnet.Free.Count),
                ReportCell.Of(NextFree(subnet)),
                ReportCell.Of(ResourceLinks.To(inventory, subnet.SecurityGroupId)),
                ReportCell.Of(ResourceLinks.To(inventory, subnet.RouteTableId)),
            ]))).ToList());

    /// <summary>What is in one subnet.</summary>
    public static ReportTable Of(SubnetView subnet, ReportText text) => new(
        "subnet", text.Format("subnet.title", subnet.Name), Columns(text), subnet.Addresses.Select(address => new ReportRow(Cells(address, text))).ToList());

    /// <summary>The first free address; null if there is none.</summary>
    public static string? NextFree(SubnetView subnet) => subnet.Free.IsEmpty ? null : Ipv4.Text(subnet.Free.Intervals[0].First);

    private static List<ReportColumn> Columns(ReportText text) =>
        [new(text["column.address"]), new(text["column.kind"]), new(text["column.resource"]), new(text["column.vm"]), new(text["column.publicAddress"])];

    private static List<ReportCell> Cells(SubnetAddress address, ReportText text) =>
    [
        ReportCell.Of(address.Address ?? text["address.none"]),
        ReportCell.Of(text[$"address.{address.Kind}"]),
        ReportCell.Link(address.Owner.Name, address.Owner.Anchor),
        address.Vm is { } vm ? ReportCell.Link(vm.Name, vm.Anchor) : ReportCell.Empty,
        address.PublicAddress is { } outside ? ReportCell.Link(outside.Body.TextAt("properties", "ipAddress") is { } number ? $"{outside.Name} ({number})" : outside.Name, outside.Anchor) : ReportCell.Empty,
    ];
}
