using System.Management.Automation;
using System.Security;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault;

namespace AzsBackup.Commands;

/// <summary>Lets another passphrase open a vault.</summary>
[Cmdlet(VerbsCommon.Add, "AzsBackupVaultKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsBackupVaultKey))]
public sealed class AddAzsBackupVaultKeyCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(Mandatory = true, HelpMessage = "The further passphrase.")]
    public SecureString Password { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = VaultSessions.Resolve(Vault);
        if (!await output.ShouldProcessAsync(Vault.Path, "Add a passphrase", cancellationToken).ConfigureAwait(false)) return;
        using var secret = VaultSecret.FromPassphrase(Password);
        var added = await vault.AddKeyAsync(secret, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(KeySlotView.Of(added), cancellationToken).ConfigureAwait(false);
    }
}
