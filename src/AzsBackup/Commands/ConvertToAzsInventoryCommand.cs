using System.Globalization;
using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Inventory;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Makes a page for people, and CSV files for programs, of a capture.</summary>
[Cmdlet(VerbsData.ConvertTo, "AzsInventory", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ConvertToAzsInventoryCommand : AsyncCmdlet
{
    private string _capture = "";
    private string _page = "";
    private string? _tables;
    private CultureInfo _culture = CultureInfo.InvariantCulture;

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The capture's folder, from Export-AzsResourceConfig.")]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The HTML file to write.")]
    public string Destination { get; set; } = "";

    [Parameter(HelpMessage = "A folder to write CSV files to as well.")]
    public string? CsvPath { get; set; }

    [Parameter(HelpMessage = "The vaults with the VMs' recovery points, to say which VMs have none.")]
    public AzsBackupVault[]? Vault { get; set; }

    [Parameter(HelpMessage = "The VMs' replicas, from Get-AzsStackReplica.")]
    [AllowEmptyCollection]
    public AzsStackReplica[]? Replica { get; set; }

    [Parameter(HelpMessage = "The language: that of this culture, English or Japanese.")]
    public CultureInfo? Culture { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _capture = SessionPath.Resolve(this, Path);
        _page = SessionPath.Resolve(this, Destination);
        if (CsvPath is not null) _tables = SessionPath.Resolve(this, CsvPath);
        _culture = Culture ?? CultureInfo.CurrentUICulture;
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var content = await CaptureContent.OpenFolderAsync(_capture, cancellationToken).ConfigureAwait(false);
        var inventory = await ResourceInventory.ReadAsync(content, cancellationToken).ConfigureAwait(false);
        var points = await FindPointsAsync(output, cancellationToken).ConfigureAwait(false);
        var report = new InventoryReport(inventory, points, Replica, _culture);
        await WriteAsync(_page, report.ToHtml, output, cancellationToken).ConfigureAwait(false);
        if (_tables is null) return;
        foreach (var (name, table) in report.ToCsv())
        {
            await WriteAsync(System.IO.Path.Combine(_tables, name), () => table, output, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<AzsVmRecoveryPoint>?> FindPointsAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (Vault is null) return null;
        var points = new List<AzsVmRecoveryPoint>();
        foreach (var vault in Vault)
        {
            var catalog = new VmPointCatalog(VaultSessions.Resolve(vault), vault, output.Log);
            await foreach (var point in catalog.ListAsync(cancellationToken).ConfigureAwait(false)) points.Add(point);
        }

        return points;
    }

    private static async Task WriteAsync(string path, Func<byte[]> content, CommandOutput output, CancellationToken cancellationToken)
    {
        if (!await output.ShouldProcessAsync(path, "Write the inventory", cancellationToken).ConfigureAwait(false)) return;
        var file = await OutputFile.WriteAsync(path, content(), cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(file, cancellationToken).ConfigureAwait(false);
    }
}
