using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Inventory.Security;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>Tables of open ports. Pure.</summary>
internal static class PortTable
{
    // More would bury the rest of the row; files have them all.
    private const int MostPrefixes = 6;

    /// <summary>The table for senders on one side.</summary>
    public static ReportTable Of(IReadOnlyList<OpenPort> ports, bool fromOutside, ReportText text)
    {
        var name = fromOutside ? "open-from-outside" : "open-from-inside";
        List<ReportColumn> columns =
            [new(text["column.vm"]), new(text["column.nic"]), new(text["column.address"]), new(text["column.from"]), new(text["column.protocol"]), new(text["column.ports"])];
        if (fromOutside) columns.AddRange([new(text["column.reachable"]), new(text["column.entrance"])]);
        return new ReportTable(name, text["table." + name], columns, ports.Where(port => port.IsFromOutside == fromOutside).Select(port => Row(port, text)).ToList());
    }

    private static ReportRow Row(OpenPort port, ReportText text)
    {
        List<ReportCell> cells =
        [
            port.Vm is { } vm ? ReportCell.Link(vm.Name, vm.Anchor) : ReportCell.Empty,
            ReportCell.Link(port.Nic.Name, port.Nic.Anchor),
            ReportCell.Of(port.Address),
            From(port, text),
            ReportCell.Of(port.Protocol == "*" ? "TCP, UDP" : port.Protocol.ToUpperInvariant()),
            ReportCell.Of(Ports(port.Ports, text)),
        ];
        if (port.IsFromOutside)
        {
            cells.Add(port.Reachable.IsEmpty ? ReportCell.Of(text["port.unreachable"]) : ReportCell.Of(Ports(port.Reachable, text), port.IsExposed ? ReportTone.Bad : ReportTone.Warning));
            cells.Add(ReportCell.Of(port.Entrances.Select(entrance => new ReportPart(Describe(entrance), (entrance.LoadBalancer ?? entrance.Address).Anchor))));
        }

        return new ReportRow(cells);
    }

    private static ReportCell From(OpenPort port, ReportText text)
    {
        if (port.IsFromAll) return ReportCell.Of(text[port.IsFromOutside ? "port.internet" : "port.inside"]);
        var prefixes = Ipv4.Prefixes(port.Sources).Take(MostPrefixes + 1).ToList();

        // What is left of the Internet without a few addresses is many prefixes, and those few are what matters.
        if (prefixes.Count <= MostPrefixes) return ReportCell.Of(prefixes);
        return ReportCell.Of(text[port.IsFromOutside ? "port.partOfInternet" : "port.partOfInside"]);
    }

    private static string Ports(IntervalSet ports, ReportText text) => ports.Equals(TrafficSet.AllPorts) ? text["port.all"] : ports.ToString();

    private static string Describe(PublicEntrance entrance)
    {
        var address = entrance.Address.Body.TextAt("properties", "ipAddress") ?? entrance.Address.Name;
        return entrance.LoadBalancer is null ? address : $"{address}:{entrance.FrontPorts} → {entrance.Ports} ({entrance.LoadBalancer.Name})";
    }
}
