using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AzsBackup.Tests.Vault.Golden;

/// <summary>
/// A reader of vaults of version 1, written from FORMAT.md alone, with .NET and a zstd library and nothing of ours: if this
/// reads what the product writes, the text is enough.
/// </summary>
internal sealed class IndependentReader
{
    private readonly string _folder;
    private readonly int _chunkSize;
    private readonly byte[]? _chunkNameKey;
    private readonly byte[]? _itemNameKey;
    private readonly byte[]? _sealKey;

    public IndependentReader(string folder, string? passphrase)
    {
        _folder = folder;
        using var vault = JsonDocument.Parse(Read("vault.json"));
        string Text(string member) => vault.RootElement.GetProperty(member).GetString()!;
        Require(Text("format") == "AzsBackup vault" && vault.RootElement.GetProperty("formatVersion").GetInt32() == 1, "version");
        _chunkSize = vault.RootElement.GetProperty("chunkSize").GetInt32();
        byte[]? configKey = null;
        if (Text("encryption") == "AES-256-GCM")
        {
            byte[] master = Unwrap(Text("id"), passphrase!);
            byte[] Derive(string info) => HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, Encoding.ASCII.GetBytes(Text("id")), Encoding.ASCII.GetBytes(info));
            configKey = Derive("AzsBackup v1 config");
            _chunkNameKey = Derive("AzsBackup v1 chunk name");
            _itemNameKey = Derive("AzsBackup v1 item name");
            _sealKey = Derive("AzsBackup v1 seal");
        }

        string lines = $"AzsBackup vault\n1\n{Text("id")}\n{Text("createdAt")}\n{_chunkSize}\n{Text("compression")}\n{Text("encryption")}\n";
        Require(Hex(Hash(configKey, Encoding.UTF8.GetBytes(lines))) == Text("check"), "check of vault.json");
    }

    /// <summary>The bytes of a stream that are stored, by chunk number.</summary>
    public (long Length, Dictionary<long, byte[]> Chunks) ReadStream(string source, string item, string name)
    {
        var (prefix, point) = ReadPoint(source, item);
        var streams = point.GetProperty("streams").EnumerateArray().ToList();
        int s = streams.FindIndex(stream => stream.GetProperty("name").GetString() == name);
        long length = streams[s].GetProperty("length").GetInt64();
        var chunks = new Dictionary<long, byte[]>();
        foreach (var page in streams[s].GetProperty("pages").EnumerateArray())
        {
            int p = page.GetProperty("page").GetInt32();
            byte[] index = OpenPart(2, $"{prefix}{s}.{p}.index", page.GetProperty("sha256").GetString()!);
            Require(index.AsSpan(0, 8).SequenceEqual(new byte[] { 0x41, 0x5A, 0x49, 0x58, 1, 32, 0, 0 }), "index header");
            int n = BinaryPrimitives.ReadInt32LittleEndian(index.AsSpan(12));
            int m = BinaryPrimitives.ReadInt32LittleEndian(index.AsSpan(32 + 36 * n));
            Require(BinaryPrimitives.ReadInt32LittleEndian(index.AsSpan(8)) == _chunkSize, "chunk size");
            Require(BinaryPrimitives.ReadInt64LittleEndian(index.AsSpan(16)) == p * 65536L, "first number");
            Require(BinaryPrimitives.ReadInt64LittleEndian(index.AsSpan(24)) == length, "stream length");
            Require(index.Length == 36 + 36 * n + 8 * m, "index length");
            var generations = Enumerable.Range(0, m).Select(i => index.AsMemory(36 + 36 * n + 8 * i, 8)).ToDictionary(
                pair => BinaryPrimitives.ReadInt32LittleEndian(pair.Span), pair => BinaryPrimitives.ReadInt32LittleEndian(pair.Span[4..]));
            for (int i = 0; i < n; i++)
            {
                long number = p * 65536L + BinaryPrimitives.ReadInt32LittleEndian(index.AsSpan(32 + 4 * i));
                string chunk = Hex(index.AsSpan(32 + 4 * n + 32 * i, 32));
                string suffix = generations.TryGetValue(i, out int g) ? $".{g}" : "";
                byte[] plain = Open(1, $"chunks/{chunk[..2]}/{chunk}{suffix}", Read($"chunks/{chunk[..2]}/{chunk}{suffix}"));
                Require(Hex(Hash(_chunkNameKey, plain)) == chunk, "chunk name");
                Require(plain.Length == Math.Min(_chunkSize, length - number * _chunkSize), "chunk length");
                chunks.Add(number, plain);
            }
        }

        return (length, chunks);
    }

    public byte[] ReadDocument(string source, string item, string name)
    {
        var (prefix, point) = ReadPoint(source, item);
        var documents = point.GetProperty("documents").EnumerateArray().ToList();
        int d = documents.FindIndex(document => document.GetProperty("name").GetString() == name);
        return OpenPart(4, $"{prefix}{d}.doc", documents[d].GetProperty("sha256").GetString()!);
    }

    /// <summary>The newest version of a setting.</summary>
    public JsonElement ReadSetting(string kind, string name)
    {
        string folder = $"settings/{Hex(Hash(_itemNameKey, Encoding.UTF8.GetBytes("setting\0" + kind + "\0" + name)).AsSpan(0, 16))}";
        int newest = Directory.GetFiles(Path.Combine(_folder, folder), "*.setting").Max(file => int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture));
        string objectName = $"{folder}/{newest}.setting";
        var setting = JsonDocument.Parse(Open(12, objectName, Read(objectName))).RootElement;
        Require(setting.GetProperty("settingVersion").GetInt32() == 1 && setting.GetProperty("kind").GetString() == kind && setting.GetProperty("name").GetString() == name, "setting");
        return setting;
    }

    /// <summary>The only point of this item.</summary>
    public (string Prefix, JsonElement Point) ReadPoint(string source, string item)
    {
        string folder = $"points/{Hex(Hash(_itemNameKey, Encoding.UTF8.GetBytes("source\0" + source)).AsSpan(0, 16))}"
            + $"/{Hex(Hash(_itemNameKey, Encoding.UTF8.GetBytes("item\0" + source + "\0" + item)).AsSpan(0, 16))}";
        string id = Path.GetFileName(Directory.GetDirectories(Path.Combine(_folder, folder)).Single());
        var point = JsonDocument.Parse(Open(3, $"{folder}/{id}/point.json", Read($"{folder}/{id}/point.json"))).RootElement;
        Require(point.GetProperty("pointVersion").GetInt32() == 1 && point.GetProperty("id").GetString() == id, "point");
        Require(point.GetProperty("source").GetString() == source && point.GetProperty("item").GetString() == item, "names");
        return ($"{folder}/{id}/", point);
    }

    private static byte[] Hash(byte[]? key, byte[] content) => key is null ? SHA256.HashData(content) : HMACSHA256.HashData(key, content);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new InvalidDataException($"Not as FORMAT.md says: {what}.");
    }

    private byte[] Read(string name) => File.ReadAllBytes(Path.Combine(_folder, name));

    private byte[] Unwrap(string vaultId, string passphrase)
    {
        using var slot = JsonDocument.Parse(File.ReadAllBytes(Directory.GetFiles(Path.Combine(_folder, "keys")).Single()));
        string Text(string member) => slot.RootElement.GetProperty(member).GetString()!;
        int iterations = slot.RootElement.GetProperty("iterations").GetInt32();
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormC)), Convert.FromBase64String(Text("salt")), iterations, HashAlgorithmName.SHA512, 32);
        string binding = $"AzsBackup key slot\n1\n{vaultId}\n{Text("id")}\n{Text("kind")}\n{Text("createdAt")}\n{Text("kdf")}\n{iterations}\n{Text("salt")}\n";
        byte[] wrapped = Convert.FromBase64String(Text("wrapped"));
        byte[] master = new byte[32];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(Convert.FromBase64String(Text("nonce")), wrapped.AsSpan(0, 32), wrapped.AsSpan(32), master, Encoding.UTF8.GetBytes(binding));
        return master;
    }

    private byte[] OpenPart(byte role, string name, string sha256)
    {
        byte[] stored = Read(name);
        Require(Hex(SHA256.HashData(stored)) == sha256, $"hash of {name}");
        return Open(role, name, stored);
    }

    private byte[] Open(byte role, string name, byte[] stored)
    {
        byte[] header = stored[..24];
        Require(header.AsSpan(0, 6).SequenceEqual(new byte[] { 0x41, 0x5A, 0x53, 0x42, 1, role }) && header[7] == 0, $"header of {name}");
        byte[] payload = stored[24..^16];
        byte[] tag = stored[^16..];
        byte[] binding = [.. header, .. Encoding.UTF8.GetBytes(name)];
        if (_sealKey is null)
        {
            Require(SHA256.HashData([.. binding, .. payload]).AsSpan(0, 16).SequenceEqual(tag), $"tag of {name}");
        }
        else
        {
            byte[] roleAndName = [role, .. Encoding.UTF8.GetBytes(name)];
            byte[] key = HMACSHA256.HashData(_sealKey, roleAndName);
            using var aes = new AesGcm(key, 16);
            byte[] packed = new byte[payload.Length];
            aes.Decrypt(header.AsSpan(12, 12), payload, tag, packed, binding);
            payload = packed;
        }

        if (header[6] == 1)
        {
            using var zstd = new ZstdSharp.Decompressor();
            payload = zstd.Unwrap(payload).ToArray();
        }

        Require(payload.Length == BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)), $"length of {name}");
        return payload;
    }
}
