using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Restore;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Restores recovery points to fixed VHD files.</summary>
[Cmdlet(VerbsData.Restore, "AzsVmBackup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsVmRestore))]
public sealed class RestoreAzsVmBackupCommand : JobCmdlet
{
    private readonly List<AzsVmRecoveryPoint> _points = [];
    private string _folder = "";

    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "What to restore, from Get-AzsVmBackup or Start-AzsVmBackup.")]
    public AzsVmRecoveryPoint RecoveryPoint { get; set; } = null!;

    [Parameter(HelpMessage = "The opened vault, where it is not the one the recovery point was listed from.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder for the VHD files; made if missing.")]
    public string Path { get; set; } = "";

    [Parameter(HelpMessage = "Only these disks: 'os', LUNs or names.")]
    public string[] IncludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "All disks but these: 'os', LUNs or names.")]
    public string[] ExcludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "Replace files that are there already.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _folder = SessionPath.Resolve(this, Path);
        _points.Add(RecoveryPoint);
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var point in _points)
        {
            await output.TryItemAsync(point, cancelled => RestoreAsync(point, output, cancelled), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RestoreAsync(AzsVmRecoveryPoint point, CommandOutput output, CancellationToken cancellationToken)
    {
        var restore = Engines.Restore(VaultSessions.Resolve(Vault ?? point.Vault), output.Log);
        var plan = VmRestore.Plan(point, new VmRestoreOptions
        {
            Path = _folder,
            Disks = new DiskSelection { Include = IncludeDisk, Exclude = ExcludeDisk },
            Overwrite = Force,
        });
        var action = $"Restore to {string.Join(", ", plan.Disks.Select(disk => disk.File))}";
        if (!await output.ShouldProcessAsync(point.ToString(), action, cancellationToken).ConfigureAwait(false)) return;
        var restored = await restore.RunAsync(plan, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(restored, cancellationToken).ConfigureAwait(false);
    }
}
