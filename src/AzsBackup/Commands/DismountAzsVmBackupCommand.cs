using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Ends the serving of disks of recovery points.</summary>
[Cmdlet(VerbsData.Dismount, "AzsVmBackup", DefaultParameterSetName = ByMount, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class DismountAzsVmBackupCommand : AsyncCmdlet
{
    private const string ByMount = "Mount";
    private const string Everything = "All";

    private IReadOnlyList<AzsVmBackupMount> _mounts = [];

    [Parameter(ParameterSetName = ByMount, Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "What Mount-AzsVmBackup gave.")]
    public AzsVmBackupMount? Mount { get; set; }

    [Parameter(ParameterSetName = Everything, Mandatory = true, HelpMessage = "All that this session has mounted.")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void Prepare() => _mounts = Mount is { } mount ? [mount] : MountSessions.Of(Runspace.DefaultRunspace);

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var mount in _mounts)
            await output.TryItemAsync(mount, cancelled => DismountAsync(mount, output, cancelled), cancellationToken).ConfigureAwait(false);
    }

    private static async Task DismountAsync(AzsVmBackupMount mount, CommandOutput output, CancellationToken cancellationToken)
    {
        if (!await output.ShouldProcessAsync($"{mount.DiskName} of {mount.RecoveryPoint}", "End serving, cut clients off", cancellationToken).ConfigureAwait(false)) return;
        if (!await MountSessions.EndAsync(mount.Uri).ConfigureAwait(false))
        {
            throw new AzsException(
                AzsErrorKind.NotFound,
                "MountNotFound",
                $"The disk {mount.DiskName} of {mount.RecoveryPoint} is not mounted at port {mount.Uri.Port} any more.",
                "Nothing is left to be done; mount it again with Mount-AzsVmBackup if it is needed.",
                mount.DiskName);
        }

        foreach (var warning in mount.Warnings) output.Log.Warning(warning);
    }
}
