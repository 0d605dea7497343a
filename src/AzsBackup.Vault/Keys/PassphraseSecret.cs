using System.Security;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Keys;

/// <summary>A passphrase, and the slots it makes and opens: PBKDF2, then AES-256-GCM (FORMAT.md §3).</summary>
internal sealed class PassphraseSecret : VaultSecret
{
    public const string Kind = "passphrase";

    private const string Kdf = "PBKDF2-HMAC-SHA512";

    // A planted slot with a billion iterations would hang whoever opens the vault.
    private const int MaximumIterations = 10_000_000;

    private readonly SecureString _passphrase;

    public PassphraseSecret(SecureString passphrase)
    {
        if (passphrase.Length == 0)
            throw VaultErrors.PasswordRequired("The passphrase is empty.");
        _passphrase = passphrase.Copy();
    }

    internal override bool MayOpen(KeySlot slot) => slot is PassphraseSlot { Kdf: Kdf, Iterations: > 0 and <= MaximumIterations };

    internal override AzsException Refused(string location) => VaultErrors.WrongPassword(location);

    internal override bool TryUnwrap(KeySlot slot, Guid vaultId, Span<byte> masterKey)
    {
        if (!MayOpen(slot) || slot is not PassphraseSlot passphrase)
            return false;
        byte[] wrappingKey = Derive(passphrase);
        try
        {
            return slot.TryUnwrap(wrappingKey, vaultId, masterKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }
    }

    private protected override KeySlot Make(ReadOnlySpan<byte> masterKey, Guid vaultId, VaultRuntime runtime)
    {
        byte[] salt = new byte[KeySlot.SaltLength];
        byte[] nonce = new byte[12];
        runtime.Random.Fill(salt);
        runtime.Random.Fill(nonce);
        var slot = new PassphraseSlot
        {
            Format = KeySlot.CurrentFormat,
            Id = runtime.Random.NewId(),
            Kind = Kind,
            CreatedAt = JsonTime.Write(runtime.Time.GetUtcNow().UtcDateTime),
            Kdf = Kdf,
            Iterations = runtime.PassphraseIterations,
            Salt = salt,
            Nonce = nonce,
            Wrapped = new byte[VaultKeys.Length + KeySlot.TagLength],
        };
        byte[] wrappingKey = Derive(slot);
        try
        {
            slot.Wrap(wrappingKey, masterKey, vaultId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }

        return slot;
    }

    private protected override void Dispose(bool disposing) => _passphrase.Dispose();

    private byte[] Derive(PassphraseSlot slot)
    {
        byte[] passphrase = Encode();
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(passphrase, slot.Salt, slot.Iterations, HashAlgorithmName.SHA512, VaultKeys.Length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    private byte[] Encode()
    {
        char[] characters = SecureText.Read(_passphrase);
        try
        {
            // The same letters typed on two systems may be composed differently. .NET normalizes strings only, so a
            // passphrase beyond ASCII becomes one here, until it is collected.
            return Ascii.IsValid(characters)
                ? Encoding.UTF8.GetBytes(characters)
                : Encoding.UTF8.GetBytes(new string(characters).Normalize(NormalizationForm.FormC));
        }
        catch (ArgumentException exception)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "VaultPasswordInvalid", "The passphrase is not valid Unicode text.",
                "Choose a passphrase without half surrogate pairs.", innerException: exception);
        }
        finally
        {
            characters.AsSpan().Clear();
        }
    }
}
