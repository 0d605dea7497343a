using System.Security;
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
    /// <exception cref="Model.AzsException"><c>VaultPasswordRequired</c> if it is empty.</exception>
    public static VaultSecret FromPassphrase(SecureString passphrase) => new PassphraseSecret(passphrase);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Wraps a master key into a new slot.</summary>
    internal abstract KeySlot Wrap(ReadOnlySpan<byte> masterKey, Guid vaultId, VaultRuntime runtime);

    /// <summary>Unwraps the master key, if the slot is of this secret's kind and fits.</summary>
    internal abstract bool TryUnwrap(KeySlot slot, Guid vaultId, Span<byte> masterKey);

    /// <summary>Forgets the secret.</summary>
    private protected abstract void Dispose(bool disposing);
}
