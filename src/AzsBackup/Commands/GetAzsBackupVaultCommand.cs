using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Vault;

namespace AzsBackup.Commands;

/// <summary>Opens a vault.</summary>
[Cmdlet(VerbsCommon.Get, "AzsBackupVault", DefaultParameterSetName = FolderPassword)]
[OutputType(typeof(AzsBackupVault))]
public sealed class GetAzsBackupVaultCommand : BackupVaultCmdlet
{
    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = await OpenAsync(
            (store, secret) => BackupVault.OpenAsync(store, secret, VaultRuntime.System, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(vault, cancellationToken).ConfigureAwait(false);
    }
}
