using System.Management.Automation;
using System.Security;
using AzsBackup.Composition;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault;

namespace AzsBackup.Commands;

/// <summary>Lets another passphrase, certificate or recovery key open a vault.</summary>
[Cmdlet(VerbsCommon.Add, "AzsBackupVaultKey", DefaultParameterSetName = ByPassword, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsBackupVaultKey))]
public sealed class AddAzsBackupVaultKeyCommand : AsyncCmdlet
{
    private const string ByPassword = "Password";
    private const string ByCertificate = "Certificate";
    private const string ByRecoveryKey = "RecoveryKey";

    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(ParameterSetName = ByPassword, Mandatory = true, HelpMessage = "The further passphrase.")]
    public SecureString? Password { get; set; }

    [Parameter(ParameterSetName = ByCertificate, Mandatory = true, HelpMessage = "A PFX file, or a PEM file, with a certificate and its RSA private key.")]
    public string? CertificatePath { get; set; }

    [Parameter(ParameterSetName = ByCertificate, HelpMessage = "The password of the certificate's file.")]
    public SecureString? CertificatePassword { get; set; }

    [Parameter(ParameterSetName = ByRecoveryKey, Mandatory = true, HelpMessage = "A new file, for printing, to write a new recovery key to.")]
    public string? RecoveryKeyPath { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (CertificatePath is not null) CertificatePath = SessionPath.Resolve(this, CertificatePath);
        if (RecoveryKeyPath is not null) RecoveryKeyPath = SessionPath.Resolve(this, RecoveryKeyPath);
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = VaultSessions.Resolve(Vault);
        var action = RecoveryKeyPath is not null ? $"Add a recovery key, written to {RecoveryKeyPath}"
            : CertificatePath is not null ? $"Add the certificate in {CertificatePath}"
            : "Add a passphrase";
        if (!await output.ShouldProcessAsync(Vault.Path, action, cancellationToken).ConfigureAwait(false)) return;
        var added = await AddAsync(vault, output, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(KeySlotView.Of(added), cancellationToken).ConfigureAwait(false);
    }

    private async Task<VaultKey> AddAsync(BackupVault vault, CommandOutput output, CancellationToken cancellationToken)
    {
        if (RecoveryKeyPath is not null) return await vault.AddRecoveryKeyAsync(RecoveryKeyPath, cancellationToken).ConfigureAwait(false);
        using var secret = CertificatePath is not null
            ? VaultCertificates.Open(CertificatePath, CertificatePassword, output.Log)
            : VaultSecret.FromPassphrase(Password!);
        return await vault.AddKeyAsync(secret, cancellationToken).ConfigureAwait(false);
    }
}
