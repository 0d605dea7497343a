using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Vault;

namespace AzsBackup.Commands;

/// <summary>Makes a vault in an empty folder or blob container.</summary>
[Cmdlet(VerbsCommon.New, "AzsBackupVault", DefaultParameterSetName = FolderPassword, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsBackupVault))]
public sealed class NewAzsBackupVaultCommand : BackupVaultCmdlet
{
    [Parameter(HelpMessage = "The size of a chunk in bytes: a power of two from 256 KiB to 4 MiB. It can't be changed later.")]
    public int ChunkSizeBytes { get; set; } = VaultOptions.DefaultChunkSize;

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var action = NoEncryption ? "Make a vault WITHOUT encryption" : "Make an encrypted vault";
        if (!await output.ShouldProcessAsync(Store.Location, action, cancellationToken).ConfigureAwait(false)) return;
        var options = new VaultOptions { ChunkSize = ChunkSizeBytes };
        var vault = await OpenAsync(
            (store, secret) => BackupVault.CreateAsync(store, options, secret, VaultRuntime.System, cancellationToken),
            output,
            cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(vault, cancellationToken).ConfigureAwait(false);
    }
}
