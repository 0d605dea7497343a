using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Model;
using AzsBackup.Vault.Keys;

namespace AzsBackup.Vault;

/// <summary>What opens an encrypted vault. Dispose of it when the vault is open: the vault keeps nothing of it.</summary>
public abstract class VaultSecret : IDisposable
{
    private protected VaultSecret()
    {
    }

    /// <summary>A passphrase.</summary>
    /// <param name="passphrase">The passphrase; copied, so the caller may dispose of it.</param>
    /// <exception cref="AzsException"><c>VaultPasswordRequired</c> if it is empty.</exception>
    public static VaultSecret FromPassphrase(SecureString passphrase) => new PassphraseSecret(passphrase);

    /// <summary>
    /// The private key of a certificate: RSA of 2048 bits or more, allowed to decrypt and, for a new slot, to sign. Whether the
    /// certificate has expired, and who issued it, does not matter here: what was backed up must stay within reach.
    /// </summary>
    /// <param name="certificate">The certificate with its private key; stays the caller's, who may dispose of it at once.</param>
    /// <exception cref="AzsException"><c>VaultCertificateUnsuitable</c>.</exception>
    public static VaultSecret FromCertificate(X509Certificate2 certificate) => new CertificateSecret(certificate);

    /// <summary>A recovery key, as somebody typed it from the sheet it was printed on.</summary>
    /// <param name="recoveryKey">The key: 14 groups of five characters. Copied, so the caller may dispose of it.</param>
    /// <exception cref="AzsException"><c>RecoveryKeyInvalid</c>: a typo; says in which group.</exception>
    public static VaultSecret FromRecoveryKey(SecureString recoveryKey)
    {
        char[] text = SecureText.Read(recoveryKey);
        try
        {
            return new RecoveryKeySecret(RecoveryKeyText.Read(text));
        }
        finally
        {
            text.AsSpan().Clear();
        }
    }

    /// <summary>The recovery key in a file that <see cref="BackupVault.AddRecoveryKeyAsync"/> wrote.</summary>
    /// <param name="path">The file's full path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException"><c>RecoveryKeyFileUnreadable</c>, <c>RecoveryKeyInvalid</c>.</exception>
    public static Task<VaultSecret> FromRecoveryKeyFileAsync(string path, CancellationToken cancellationToken) =>
        RecoveryKeyFile.ReadAsync(path, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a slot is of this secret's kind and, as far as that can be told for nothing, for this secret.</summary>
    internal abstract bool MayOpen(KeySlot slot);

    /// <summary>The failure to report when no slot of a vault was opened.</summary>
    internal abstract AzsException Refused(string location);

    /// <summary>Unwraps the master key, if the slot is of this secret's kind and fits.</summary>
    internal abstract bool TryUnwrap(KeySlot slot, Guid vaultId, Span<byte> masterKey);

    /// <summary>Wraps a master key into a new slot, and opens that again: a slot that does not open is never stored.</summary>
    internal KeySlot Wrap(ReadOnlySpan<byte> masterKey, Guid vaultId, VaultRuntime runtime)
    {
        var made = Make(masterKey, vaultId, runtime);
        Span<byte> unwrapped = stackalloc byte[VaultKeys.Length];
        try
        {
            return KeySlot.Read(made.Write()) is { } slot && TryUnwrap(slot, vaultId, unwrapped) && CryptographicOperations.FixedTimeEquals(unwrapped, masterKey)
                ? slot
                : throw VaultErrors.KeyUnproven();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(unwrapped);
        }
    }

    private protected abstract KeySlot Make(ReadOnlySpan<byte> masterKey, Guid vaultId, VaultRuntime runtime);

    /// <summary>Forgets the secret.</summary>
    private protected abstract void Dispose(bool disposing);
}
