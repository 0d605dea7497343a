using System.Management.Automation;
using AzsBackup.Engine.Backup;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault;

namespace AzsBackup.Commands;

/// <summary>The base of the commands that say what is to become of recovery points. They emit the points as they are then.</summary>
public abstract class VmPointCmdlet : AsyncCmdlet
{
    private protected const string ByPoint = "Point";

    private readonly List<AzsVmRecoveryPoint> _points = [];

    [Parameter(ParameterSetName = ByPoint, Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "The recovery points, from Get-AzsVmBackup or Start-AzsVmBackup.")]
    public AzsVmRecoveryPoint? RecoveryPoint { get; set; }

    /// <summary>The points given.</summary>
    private protected IReadOnlyList<AzsVmRecoveryPoint> Points => _points;

    /// <summary>The opened vault to use instead of the one a point was listed from; null for that one.</summary>
    private protected virtual AzsBackupVault? OtherVault => null;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (RecoveryPoint is not null) _points.Add(RecoveryPoint);
    }

    /// <summary>The opened vault of a point.</summary>
    private protected BackupVault Open(AzsVmRecoveryPoint point) => VaultSessions.Resolve(OtherVault ?? point.Vault);

    /// <summary>Emits points as the vault has them now.</summary>
    private protected async Task WriteAsync(IEnumerable<AzsVmRecoveryPoint> points, CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var vault in points.GroupBy(point => OtherVault ?? point.Vault))
        {
            var wanted = vault.Select(point => point.Id).ToHashSet(StringComparer.Ordinal);
            await foreach (var point in new VmPointCatalog(VaultSessions.Resolve(vault.Key), vault.Key, output.Log).ListAsync(cancellationToken).ConfigureAwait(false))
            {
                if (wanted.Contains(point.Id)) await output.WriteAsync(point, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
