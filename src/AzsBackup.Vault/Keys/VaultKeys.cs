using System.Security.Cryptography;
using System.Text;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Keys;

/// <summary>The keys of an opened vault, and the names made with them (FORMAT.md §3, §4). A vault without encryption has plain hashes instead.</summary>
internal sealed class VaultKeys : IDisposable
{
    public const int Length = 32;

    private readonly byte[]? _master;
    private readonly byte[]? _config;
    private readonly byte[]? _chunkName;
    private readonly byte[]? _itemName;
    private readonly byte[]? _seal;

    private VaultKeys()
    {
    }

    private VaultKeys(ReadOnlySpan<byte> masterKey, Guid vaultId)
    {
        _master = masterKey.ToArray();
        _config = Derive(masterKey, vaultId, "config");
        _chunkName = Derive(masterKey, vaultId, "chunk name");
        _itemName = Derive(masterKey, vaultId, "item name");
        _seal = Derive(masterKey, vaultId, "seal");
    }

    public bool Encrypted => _seal is not null;

    /// <summary>What new slots wrap. Only with encryption. It opens no more than the keys made from it, which are here anyway.</summary>
    public ReadOnlySpan<byte> Master => _master;

    public static VaultKeys None() => new();

    public static VaultKeys From(ReadOnlySpan<byte> masterKey, Guid vaultId) => new(masterKey, vaultId);

    public ChunkName NameChunk(ReadOnlySpan<byte> plain)
    {
        Span<byte> hash = stackalloc byte[Length];
        Hash(_chunkName, plain, hash);
        return new ChunkName(hash);
    }

    public string NameSource(string source) => NameItem($"source\0{source}");

    public string NameItem(string source, string item) => NameItem($"item\0{source}\0{item}");

    public string NameJobs(string subject) => NameItem($"job\0{subject}");

    public string NameSetting(string kind, string name) => NameItem($"setting\0{kind}\0{name}");

    /// <summary>The check over the lines that describe the vault.</summary>
    public byte[] Check(ReadOnlySpan<byte> description)
    {
        byte[] check = new byte[Length];
        Hash(_config, description, check);
        return check;
    }

    /// <summary>The key that seals the one object of this role and name. Only with encryption.</summary>
    public void SealKey(ObjectRole role, ReadOnlySpan<byte> name, Span<byte> key)
    {
        Span<byte> text = stackalloc byte[1 + name.Length];
        text[0] = (byte)role;
        name.CopyTo(text[1..]);
        HMACSHA256.HashData(_seal!, text, key);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_master);
        CryptographicOperations.ZeroMemory(_config);
        CryptographicOperations.ZeroMemory(_chunkName);
        CryptographicOperations.ZeroMemory(_itemName);
        CryptographicOperations.ZeroMemory(_seal);
    }

    private string NameItem(string text)
    {
        Span<byte> hash = stackalloc byte[Length];
        Hash(_itemName, Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexString(hash[..16]).ToLowerInvariant();
    }

    private static void Hash(byte[]? key, ReadOnlySpan<byte> content, Span<byte> hash)
    {
        if (key is null)
            SHA256.HashData(content, hash);
        else
            HMACSHA256.HashData(key, content, hash);
    }

    private static byte[] Derive(ReadOnlySpan<byte> masterKey, Guid vaultId, string purpose)
    {
        byte[] key = new byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, key, Encoding.ASCII.GetBytes(vaultId.ToString("D")), Encoding.ASCII.GetBytes("AzsBackup v1 " + purpose));
        return key;
    }
}
