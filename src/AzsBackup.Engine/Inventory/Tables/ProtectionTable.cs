using System.Globalization;
using AzsBackup.Engine.Inventory.Protection;
using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>The table of what there would be left of each VM. Pure.</summary>
internal static class ProtectionTable
{
    /// <summary>Makes it.</summary>
    public static ReportTable Of(IReadOnlyList<VmProtection> protections, ReportText text) => new(
        "protection",
        text["table.protection"],
        [
            new(text["column.vm"]), new(text["column.group"]), new(text["column.protection"]), new(text["column.newestPoint"]),
            new(text["column.points"], true), new(text["column.verified"]), new(text["column.replicas"]),
        ],
        protections.Select(protection => new ReportRow(
            [
                ReportCell.Link(protection.Vm.Name, protection.Vm.Anchor),
                ReportCell.Of(protection.Vm.Id.ResourceGroupName),
                protection.IsProtected ? ReportCell.Of(text["protection.yes"], ReportTone.Good) : ReportCell.Of(text["protection.no"], ReportTone.Bad),
                ReportCell.Of(protection.NewestPoint?.CreatedAt),
                ReportCell.Of((long?)protection.Points),
                ReportCell.Of(protection.NewestPoint?.LastVerified),
                ReportCell.Of(protection.Replicas.Select(replica =>
                    $"{replica.Destination} {replica.LastPoint?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} ({replica.Health})")),
            ])).ToList());
}
