using System.Security.Cryptography;
using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Keys;

/// <summary>A recovery key, and the slots it makes and opens: HKDF, then AES-256-GCM (FORMAT.md §3). The key is random, so guessing needs no slowing down.</summary>
internal sealed class RecoveryKeySecret : VaultSecret
{
    public const string Kind = "recovery";

    private const string Kdf = "HKDF-SHA256";

    private readonly byte[] _key;

    /// <param name="key">32 bytes; they become this object's own.</param>
    public RecoveryKeySecret(byte[] key) => _key = key;

    private static ReadOnlySpan<byte> Info => "AzsBackup v1 recovery key"u8;

    /// <summary>A new one.</summary>
    public static RecoveryKeySecret Generate(RandomSource random)
    {
        byte[] key = new byte[VaultKeys.Length];
        random.Fill(key);
        return new RecoveryKeySecret(key);
    }

    /// <summary>The key as people read and type it; for the caller to overwrite.</summary>
    public char[] Write() => RecoveryKeyText.Write(_key);

    internal override bool MayOpen(KeySlot slot) => slot is RecoveryKeySlot { Kdf: Kdf };

    internal override AzsException Refused(string location) => VaultErrors.WrongRecoveryKey(location);

    internal override bool TryUnwrap(KeySlot slot, Guid vaultId, Span<byte> masterKey)
    {
        if (slot is not RecoveryKeySlot { Kdf: Kdf } recovery)
            return false;
        byte[] wrappingKey = Derive(recovery.Salt);
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
        var slot = new RecoveryKeySlot
        {
            Format = KeySlot.CurrentFormat,
            Id = runtime.Random.NewId(),
            Kind = Kind,
            CreatedAt = JsonTime.Write(runtime.Time.GetUtcNow().UtcDateTime),
            Kdf = Kdf,
            Salt = salt,
            Nonce = nonce,
            Wrapped = new byte[VaultKeys.Length + KeySlot.TagLength],
        };
        byte[] wrappingKey = Derive(salt);
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

    private protected override void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(_key);

    private byte[] Derive(byte[] salt)
    {
        byte[] key = new byte[VaultKeys.Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, Info);
        return key;
    }
}
