using System.Globalization;
using System.Runtime.InteropServices;
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

    internal override KeySlot Wrap(ReadOnlySpan<byte> masterKey, Guid vaultId, VaultRuntime runtime)
    {
        byte[] salt = new byte[32];
        byte[] nonce = new byte[AesGcm.NonceByteSizes.MaxSize];
        byte[] wrapped = new byte[VaultKeys.Length + KeySlot.TagLength];
        runtime.Random.Fill(salt);
        runtime.Random.Fill(nonce);
        var slot = new KeySlot
        {
            Format = KeySlot.CurrentFormat,
            Id = runtime.Random.NewId(),
            Kind = Kind,
            CreatedAt = JsonTime.Write(runtime.Time.GetUtcNow().UtcDateTime),
            Kdf = Kdf,
            Iterations = runtime.PassphraseIterations,
            Salt = salt,
            Nonce = nonce,
            Wrapped = wrapped,
        };
        byte[] key = Derive(slot);
        try
        {
            using var aes = new AesGcm(key, KeySlot.TagLength);
            aes.Encrypt(nonce, masterKey, wrapped.AsSpan(0, VaultKeys.Length), wrapped.AsSpan(VaultKeys.Length), Binding(slot, vaultId));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        return slot;
    }

    internal override bool TryUnwrap(KeySlot slot, Guid vaultId, Span<byte> masterKey)
    {
        if (slot is not { Format: KeySlot.CurrentFormat, Kind: Kind, Kdf: Kdf, Iterations: > 0 and <= MaximumIterations }
            || slot.Nonce.Length != AesGcm.NonceByteSizes.MaxSize
            || slot.Wrapped.Length != VaultKeys.Length + KeySlot.TagLength)
        {
            return false;
        }

        byte[] key = Derive(slot);
        try
        {
            using var aes = new AesGcm(key, KeySlot.TagLength);
            aes.Decrypt(slot.Nonce, slot.Wrapped.AsSpan(0, VaultKeys.Length), slot.Wrapped.AsSpan(VaultKeys.Length), masterKey, Binding(slot, vaultId));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private protected override void Dispose(bool disposing) => _passphrase.Dispose();

    private static byte[] Binding(KeySlot slot, Guid vaultId) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"AzsBackup key slot\n{slot.Format}\n{vaultId:D}\n{slot.Id}\n{slot.Kind}\n{slot.CreatedAt}\n{slot.Kdf}\n{slot.Iterations}\n{Convert.ToBase64String(slot.Salt)}\n"));

    private byte[] Derive(KeySlot slot)
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
        char[] characters = new char[_passphrase.Length];
        IntPtr native = Marshal.SecureStringToGlobalAllocUnicode(_passphrase);
        try
        {
            Marshal.Copy(native, characters, 0, characters.Length);

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
            Marshal.ZeroFreeGlobalAllocUnicode(native);
            characters.AsSpan().Clear();
        }
    }
}
