using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AzsBackup.Composition;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Mounting;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Serves the disks of recovery points, read-only, to NBD clients on this machine.</summary>
[Cmdlet(VerbsData.Mount, "AzsVmBackup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsVmBackupMount))]
public sealed class MountAzsVmBackupCommand : AsyncCmdlet
{
    private Runspace _session = null!;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "What to mount, from Get-AzsVmBackup or Start-AzsVmBackup.")]
    public AzsVmRecoveryPoint RecoveryPoint { get; set; } = null!;

    [Parameter(HelpMessage = "The opened vault, where it is not the one the recovery point was listed from.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(HelpMessage = "Only these disks: 'os', LUNs or names.")]
    public string[] IncludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "All disks but these: 'os', LUNs or names.")]
    public string[] ExcludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "Give exports plain names and tell them to every client that asks: every user of this machine can read the disks then.")]
    public SwitchParameter Discoverable { get; set; }

    /// <inheritdoc/>
    protected override void Prepare() => _session = Runspace.DefaultRunspace;

    /// <inheritdoc/>
    protected override Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken) =>
        output.TryItemAsync(RecoveryPoint, cancelled => MountAsync(RecoveryPoint, output, cancelled), cancellationToken);

    private async Task MountAsync(AzsVmRecoveryPoint point, CommandOutput output, CancellationToken cancellationToken)
    {
        var mounter = Engines.Mounter(VaultSessions.Resolve(Vault ?? point.Vault));
        var options = new MountOptions
        {
            Disks = new DiskSelection { Include = IncludeDisk, Exclude = ExcludeDisk },
            Listed = Discoverable,
        };
        var disks = VmMounter.Plan(point, options);
        if (!await output.ShouldProcessAsync(point.ToString(), $"Serve {string.Join(", ", disks)} on 127.0.0.1", cancellationToken).ConfigureAwait(false)) return;
        var mounted = await mounter.MountAsync(point, options, cancellationToken).ConfigureAwait(false);
        MountSessions.Add(mounted, _session);
        foreach (var disk in mounted) await output.WriteAsync(disk.Description, cancellationToken).ConfigureAwait(false);
    }
}
