using System.Management.Automation;
using System.Security;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Vault;

namespace AzsBackup.Commands;

/// <summary>Opens a vault.</summary>
[Cmdlet(VerbsCommon.Get, "AzsBackupVault", DefaultParameterSetName = FolderPassword)]
[OutputType(typeof(AzsBackupVault))]
public sealed class GetAzsBackupVaultCommand : BackupVaultCmdlet
{
    private const string FolderRecoveryKey = "FolderRecoveryKey";
    private const string FolderRecoveryFile = "FolderRecoveryFile";
    private const string ContainerRecoveryKey = "ContainerRecoveryKey";
    private const string ContainerRecoveryFile = "ContainerRecoveryFile";

    private const string RecoveryKeyHelp = "The recovery key as printed; hyphens, spaces and small letters don't matter.";
    private const string RecoveryKeyPathHelp = "The file that Add-AzsBackupVaultKey -RecoveryKeyPath wrote.";

    [Parameter(ParameterSetName = FolderPassword, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = FolderCertificate, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = FolderRecoveryKey, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = FolderRecoveryFile, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = FolderUnencrypted, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    public override string Path { get; set; } = "";

    [Parameter(ParameterSetName = ContainerPassword, Mandatory = true, HelpMessage = UriHelp)]
    [Parameter(ParameterSetName = ContainerCertificate, Mandatory = true, HelpMessage = UriHelp)]
    [Parameter(ParameterSetName = ContainerRecoveryKey, Mandatory = true, HelpMessage = UriHelp)]
    [Parameter(ParameterSetName = ContainerRecoveryFile, Mandatory = true, HelpMessage = UriHelp)]
    [Parameter(ParameterSetName = ContainerUnencrypted, Mandatory = true, HelpMessage = UriHelp)]
    public override Uri? ContainerUri { get; set; }

    [Parameter(ParameterSetName = ContainerPassword, HelpMessage = CaHelp)]
    [Parameter(ParameterSetName = ContainerCertificate, HelpMessage = CaHelp)]
    [Parameter(ParameterSetName = ContainerRecoveryKey, HelpMessage = CaHelp)]
    [Parameter(ParameterSetName = ContainerRecoveryFile, HelpMessage = CaHelp)]
    [Parameter(ParameterSetName = ContainerUnencrypted, HelpMessage = CaHelp)]
    public override string? CaCertificatePath { get; set; }

    [Parameter(ParameterSetName = FolderRecoveryKey, Mandatory = true, HelpMessage = RecoveryKeyHelp)]
    [Parameter(ParameterSetName = ContainerRecoveryKey, Mandatory = true, HelpMessage = RecoveryKeyHelp)]
    public SecureString? RecoveryKey { get; set; }

    [Parameter(ParameterSetName = FolderRecoveryFile, Mandatory = true, HelpMessage = RecoveryKeyPathHelp)]
    [Parameter(ParameterSetName = ContainerRecoveryFile, Mandatory = true, HelpMessage = RecoveryKeyPathHelp)]
    public string? RecoveryKeyPath { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        base.Prepare();
        if (RecoveryKeyPath is not null) RecoveryKeyPath = SessionPath.Resolve(this, RecoveryKeyPath);
    }

    /// <inheritdoc/>
    private protected override async Task<VaultSecret?> FindSecretAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (RecoveryKey is not null) return VaultSecret.FromRecoveryKey(RecoveryKey);
        if (RecoveryKeyPath is not null) return await VaultSecret.FromRecoveryKeyFileAsync(RecoveryKeyPath, cancellationToken).ConfigureAwait(false);
        return await base.FindSecretAsync(output, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = await OpenAsync(
            (store, secret) => BackupVault.OpenAsync(store, secret, VaultRuntime.System, cancellationToken),
            output,
            cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(vault, cancellationToken).ConfigureAwait(false);
    }
}
