using System.Security;
using System.Text;
using System.Text.Json;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Vault;

/// <summary>How tests make vaults, fill them and read them back.</summary>
internal static class VaultWorkshop
{
    public const int ChunkSize = VaultOptions.MinimumChunkSize;
    public const string Source = "adminmanagement.local.example";
    public const string Item = "/subscriptions/1/resourcegroups/rg/providers/microsoft.compute/virtualmachines/payroll-db";

    /// <summary>Chance and clock as they are, but a passphrase that costs nothing to try.</summary>
    public static readonly VaultRuntime Runtime = new() { PassphraseIterations = 1 };

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static VaultSecret Passphrase(string text = "correct horse battery staple")
    {
        using var secure = new SecureString();
        foreach (char character in text)
            secure.AppendChar(character);
        return VaultSecret.FromPassphrase(secure);
    }

    public static async Task<BackupVault> CreateAsync(IObjectStore store, bool encrypted = true)
    {
        using var secret = encrypted ? Passphrase() : null;
        return await BackupVault.CreateAsync(store, new VaultOptions { ChunkSize = ChunkSize }, secret, Runtime, Cancel);
    }

    public static async Task<BackupVault> OpenAsync(IObjectStore store, bool encrypted = true)
    {
        using var secret = encrypted ? Passphrase() : null;
        return await BackupVault.OpenAsync(store, secret, Runtime, Cancel);
    }

    public static JsonElement Details(object value) => JsonSerializer.SerializeToElement(value);

    /// <summary>A stream with a chunk of each sort: 0 zeros, 1 text, 2 noise, 3 the same everywhere; then a short last one.</summary>
    public static byte[] MakeStream(ReadOnlySpan<byte> sorts, int lastChunk, int seed)
    {
        byte[] stream = new byte[sorts.Length * ChunkSize + lastChunk];
        for (int i = 0; i <= sorts.Length; i++)
        {
            var chunk = stream.AsSpan(i * ChunkSize, i < sorts.Length ? ChunkSize : lastChunk);
            switch (i < sorts.Length ? sorts[i] % 4 : 2)
            {
                case 1:
                    Encoding.ASCII.GetBytes($"The quick brown fox {seed} {i} jumps over the lazy dog. ").AsSpan(0, Math.Min(20, chunk.Length)).CopyTo(chunk);
                    break;
                case 2:
                    new Random(seed + i).NextBytes(chunk);
                    break;
                case 3:
                    chunk.Fill(0x33);
                    break;
                default:
                    break;
            }
        }

        return stream;
    }

    /// <summary>Puts all chunks of a stream, four at a time.</summary>
    public static async Task<(StreamDraft Draft, long BytesStored)> PutAsync(VaultSession session, string name, ReadOnlyMemory<byte> stream)
    {
        int count = (stream.Length + ChunkSize - 1) / ChunkSize;
        var chunks = new StreamChunk[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (i, cancel) =>
            chunks[i] = new StreamChunk(i, await session.PutChunkAsync(stream.Slice(i * ChunkSize, Math.Min(ChunkSize, stream.Length - i * ChunkSize)), cancel)));
        return (new StreamDraft { Name = name, Length = stream.Length, Chunks = chunks }, chunks.Sum(chunk => (long)chunk.Chunk.BytesStored));
    }

    /// <summary>Backs up one stream as a point of its own.</summary>
    public static async Task<(string Id, long BytesStored)> BackUpAsync(BackupVault vault, byte[] stream, string item = Item)
    {
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        var (draft, stored) = await PutAsync(session, "disk-0", stream);
        string id = await session.PublishAsync(
            new PointDraft
            {
                Source = Source,
                Item = item,
                CreatedAt = new DateTime(2026, 11, 22, 1, 2, 3, DateTimeKind.Utc),
                Details = Details(new { level = "Crash", vmName = "payroll-db" }),
                Streams = [draft],
                Documents = new Dictionary<string, ReadOnlyMemory<byte>> { ["config.json"] = Encoding.UTF8.GetBytes("""{"secretText":"Kirschbaum"}""") },
            },
            Cancel);
        return (id, stored);
    }

    public static async Task<byte[]> RestoreAsync(BackupVault vault, string id)
    {
        var point = await vault.OpenPointAsync(id, Cancel);
        var stream = Assert.Single(point.Streams);
        byte[] bytes = new byte[stream.Length];
        byte[] buffer = new byte[stream.ChunkSize];
        for (long number = 0; number < stream.ChunkCount; number++)
        {
            int length = await point.ReadChunkAsync(stream, number, buffer, Cancel);
            buffer.AsSpan(0, length).CopyTo(bytes.AsSpan((int)(number * stream.ChunkSize)));
        }

        await point.ReadDocumentAsync("config.json", Cancel);
        return bytes;
    }

    public static async Task<List<PointHeader>> ListAsync(BackupVault vault)
    {
        var points = new List<PointHeader>();
        await foreach (var point in vault.ListPointsAsync(Cancel))
            points.Add(point);
        return points;
    }
}
