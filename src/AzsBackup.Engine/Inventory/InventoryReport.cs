using System.Globalization;
using AzsBackup.Engine.Inventory.Network;
using AzsBackup.Engine.Inventory.Protection;
using AzsBackup.Engine.Inventory.Security;
using AzsBackup.Engine.Inventory.Tables;
using AzsBackup.Engine.Inventory.Topology;
using AzsBackup.Engine.Reporting;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inventory;

/// <summary>
/// What a capture says, for people: as one HTML page and as CSV files. The same capture, points and replicas give the same
/// bytes, at any time and on any machine.
/// </summary>
public sealed class InventoryReport
{
    private readonly ResourceInventory _inventory;
    private readonly ReportText _text;
    private readonly IReadOnlyList<VirtualNetworkView> _networks;
    private readonly IReadOnlyList<OpenPort> _ports;
    private readonly IReadOnlyList<VmProtection>? _protections;

    /// <summary>Works out what the report says.</summary>
    /// <param name="inventory">The resources.</param>
    /// <param name="points">The recovery points that count; null if no vault was looked at.</param>
    /// <param name="replicas">The replicas that count; null if none were looked at.</param>
    /// <param name="culture">Decides the language.</param>
    public InventoryReport(
        ResourceInventory inventory, IReadOnlyList<AzsVmRecoveryPoint>? points, IReadOnlyList<AzsStackReplica>? replicas, CultureInfo culture)
    {
        _inventory = inventory;
        _text = ReportText.For(culture);
        _networks = NetworkReading.Read(inventory);
        _ports = OpenPorts.Find(inventory, _networks);
        _protections = points is null && replicas is null ? null : VmProtection.Find(inventory, points ?? [], replicas ?? []);
    }

    /// <summary>The page, in UTF-8.</summary>
    public byte[] ToHtml() => new InventoryPage(_inventory, _networks, _ports, _protections, _text).Write();

    /// <summary>The CSV files by name: every resource in one, and one for each type and view.</summary>
    public IReadOnlyDictionary<string, byte[]> ToCsv()
    {
        var tables = new List<ReportTable>
        {
            OverviewTables.Resources(_inventory, _text),
            OverviewTables.Tags(_inventory, _text),
            NetworkTables.Subnets(_inventory, _networks, _text),
            NetworkTables.Addresses(_networks, _text),
            PortTable.Of(_ports, fromOutside: true, _text),
            PortTable.Of(_ports, fromOutside: false, _text),
        };
        if (_protections is not null) tables.Add(ProtectionTable.Of(_protections, _text));
        tables.AddRange(ResourceTables.Of(_inventory, _text));
        tables.AddRange(RuleTables.Of(_inventory, _text));
        return tables.ToDictionary(table => table.Name + ".csv", ReportTableCsv.Write, StringComparer.Ordinal);
    }

    /// <summary>The drawing of the networks, laid out.</summary>
    public TopologyDrawing Draw() => TopologyLayout.Draw(_inventory, _networks, _text);
}
