using System.Management.Automation;
using System.Security;
using AzsBackup.Composition;
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
    private protected const string FolderPassword = "FolderPassword";
    private protected const string FolderCertificate = "FolderCertificate";
    private protected const string FolderUnencrypted = "FolderUnencrypted";
    private protected const string ContainerPassword = "ContainerPassword";
    private protected const string ContainerCertificate = "ContainerCertificate";
    private protected const string ContainerUnencrypted = "ContainerUnencrypted";

    private protected const string PathHelp = "The vault's folder: on a disk, a NAS or an SMB share outside the stack.";
    private protected const string UriHelp = "The vault's blob container outside the stack: its URI with a SAS that may read, list and create.";
    private protected const string CaHelp = "A PEM or DER file with certificates to trust besides the system's, for a container on a stack with a CA of its own.";
    private const string PasswordHelp = "The vault's passphrase. Without it, what the vault holds is lost, unless it has another key.";
    private const string CertificateHelp = "A PFX file, or a PEM file, with a certificate and its RSA private key: who has it opens the vault.";
    private const string CertificatePasswordHelp = "The password of the certificate's file.";
    private const string UnencryptedHelp = "The vault is not encrypted: whoever can read where it lies can read the disks.";

    private IObjectStore? _store;

    [Parameter(ParameterSetName = FolderPassword, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = FolderCertificate, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    [Parameter(ParameterSetName = FolderUnencrypted, Mandatory = true, Position = 0, HelpMessage = PathHelp)]
    public virtual string Path { get; set; } = "";

    [Parameter(ParameterSetName = ContainerPassword, Mandatory = true, HelpMessage = UriHelp)]
    [Parameter(ParameterSetName = ContainerCertificate, Mandatory = true, HelpMessage = UriHelp)]
    [Parameter(ParameterSetName = ContainerUnencrypted, Mandatory = true, HelpMessage = UriHelp)]
    public virtual Uri? ContainerUri { get; set; }

    [Parameter(ParameterSetName = ContainerPassword, HelpMessage = CaHelp)]
    [Parameter(ParameterSetName = ContainerCertificate, HelpMessage = CaHelp)]
    [Parameter(ParameterSetName = ContainerUnencrypted, HelpMessage = CaHelp)]
    public virtual string? CaCertificatePath { get; set; }

    [Parameter(ParameterSetName = FolderPassword, Mandatory = true, HelpMessage = PasswordHelp)]
    [Parameter(ParameterSetName = ContainerPassword, Mandatory = true, HelpMessage = PasswordHelp)]
    public SecureString? Password { get; set; }

    [Parameter(ParameterSetName = FolderCertificate, Mandatory = true, HelpMessage = CertificateHelp)]
    [Parameter(ParameterSetName = ContainerCertificate, Mandatory = true, HelpMessage = CertificateHelp)]
    public string? CertificatePath { get; set; }

    [Parameter(ParameterSetName = FolderCertificate, HelpMessage = CertificatePasswordHelp)]
    [Parameter(ParameterSetName = ContainerCertificate, HelpMessage = CertificatePasswordHelp)]
    public SecureString? CertificatePassword { get; set; }

    [Parameter(ParameterSetName = FolderUnencrypted, Mandatory = true, HelpMessage = UnencryptedHelp)]
    [Parameter(ParameterSetName = ContainerUnencrypted, Mandatory = true, HelpMessage = UnencryptedHelp)]
    public SwitchParameter NoEncryption { get; set; }

    /// <summary>Where the vault lies.</summary>
    private protected IObjectStore Store => _store ??= ContainerUri is null
        ? VaultStores.Folder(Path) : VaultStores.Container(ContainerUri, CaCertificatePath);

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (ContainerUri is null) Path = SessionPath.Resolve(this, Path);
        if (CaCertificatePath is not null) CaCertificatePath = SessionPath.Resolve(this, CaCertificatePath);
        if (CertificatePath is not null) CertificatePath = SessionPath.Resolve(this, CertificatePath);
    }

    /// <summary>What opens the vault; null for one without encryption.</summary>
    private protected virtual Task<VaultSecret?> FindSecretAsync(CommandOutput output, CancellationToken cancellationToken) => Task.FromResult(
        Password is not null ? VaultSecret.FromPassphrase(Password)
        : CertificatePath is not null ? VaultCertificates.Open(CertificatePath, CertificatePassword, output.Log)
        : null);

    /// <summary>Opens or makes the vault and gives what the user gets.</summary>
    private protected async Task<AzsBackupVault> OpenAsync(
        Func<IObjectStore, VaultSecret?, Task<BackupVault>> open, CommandOutput output, CancellationToken cancellationToken)
    {
        using var secret = await FindSecretAsync(output, cancellationToken).ConfigureAwait(false);
        var vault = await open(Store, secret).ConfigureAwait(false);
        var points = 0;
        await foreach (var _ in vault.ListPointsAsync(cancellationToken).ConfigureAwait(false)) points++;
        var keys = await vault.ListKeysAsync(cancellationToken).ConfigureAwait(false);
        var description = new AzsBackupVault
        {
            Id = vault.Info.Id,
            Path = Store.Location,
            FormatVersion = vault.Info.FormatVersion,
            ChunkSizeBytes = vault.Info.ChunkSize,
            Encrypted = vault.Info.Encrypted,
            CreatedAt = vault.Info.CreatedAt,
            RecoveryPoints = points,
            KeySlots = [.. keys.Select(KeySlotView.Of)],
        };
        VaultSessions.Open(description, vault);
        return description;
    }
}
