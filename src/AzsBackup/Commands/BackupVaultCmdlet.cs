using System.Management.Automation;
using System.Security;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Commands;

/// <summary>The base of the commands that open a vault by its place and key.</summary>
public abstract class BackupVaultCmdlet : AsyncCmdlet
{
    private protected const string ByPassword = "Password";
    private protected const string Unencrypted = "NoEncryption";

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The vault's folder: on a disk, a NAS or an SMB share outside the stack.")]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = ByPassword, Mandatory = true, HelpMessage = "The vault's passphrase. Without it, what the vault holds is lost.")]
    public SecureString? Password { get; set; }

    [Parameter(ParameterSetName = Unencrypted, Mandatory = true, HelpMessage = "The vault is not encrypted: whoever can read the folder can read the disks.")]
    public SwitchParameter NoEncryption { get; set; }

    /// <summary>The vault's folder as a full path.</summary>
    private protected string FullPath { get; private set; } = "";

    /// <inheritdoc/>
    protected override void Prepare() => FullPath = SessionPath.Resolve(this, Path);

    /// <summary>Opens or makes the vault and gives what the user gets.</summary>
    private protected async Task<AzsBackupVault> OpenAsync(
        Func<IObjectStore, VaultSecret?, Task<BackupVault>> open, CancellationToken cancellationToken)
    {
        using var secret = Password is null ? null : VaultSecret.FromPassphrase(Password);
        var vault = await open(new FolderStore(FullPath), secret).ConfigureAwait(false);
        var points = 0;
        await foreach (var _ in vault.ListPointsAsync(cancellationToken).ConfigureAwait(false)) points++;
        var description = new AzsBackupVault
        {
            Id = vault.Info.Id,
            Path = FullPath,
            FormatVersion = vault.Info.FormatVersion,
            ChunkSizeBytes = vault.Info.ChunkSize,
            Encrypted = vault.Info.Encrypted,
            CreatedAt = vault.Info.CreatedAt,
            RecoveryPoints = points,
        };
        VaultSessions.Open(description, vault);
        return description;
    }
}
