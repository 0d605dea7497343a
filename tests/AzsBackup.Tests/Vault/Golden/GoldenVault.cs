using System.Reflection;
using System.Text;
using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Golden;

/// <summary>What is in the golden vaults, and how they were made.</summary>
internal static class GoldenVault
{
    public const string Password = "Schlüssel und 鍵 1";
    public const string Source = "management.local.azurestack.external";
    public const string Item = "/subscriptions/0001/resourcegroups/gold/providers/microsoft.compute/virtualmachines/vm";
    public const string Document = """{"name":"vm","size":"Standard_DS2_v2"}""";
    public const long BigLength = 65537L * ChunkSize;

    public static readonly DateTime CreatedAt = new(2026, 11, 22, 18, 30, 0, 123, DateTimeKind.Utc);

    public static string Root => Path.Combine(
        typeof(GoldenVault).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!,
        "tests", "AzsBackup.Tests", "Vault", "Golden", "v1");

    /// <summary>Text, zeros, the text again, another text that is stored as generation 1, and a short piece that does not compress.</summary>
    public static byte[] Disk()
    {
        byte[] disk = new byte[4 * ChunkSize + 700];
        Text("All happy vaults are alike. ").CopyTo(disk, 0);
        Text("All happy vaults are alike. ").CopyTo(disk, 2 * ChunkSize);
        Text("Every unhappy vault is unhappy in its own way. ").CopyTo(disk, 3 * ChunkSize);
        new TestRandom(3).Fill(disk.AsSpan(4 * ChunkSize));
        return disk;
    }

    /// <summary>Writes the vaults of version 1 anew: only for a version that was never released.</summary>
    public static async Task WriteAsync(string folder, bool encrypted)
    {
        var runtime = new VaultRuntime { Random = new TestRandom(1), Time = new FixedTime(CreatedAt) };
        using var store = new FolderStore(folder);
        using var secret = encrypted ? Passphrase(Password) : null;
        using var vault = await BackupVault.CreateAsync(store, new VaultOptions { ChunkSize = ChunkSize }, secret, runtime, Cancel);
        byte[] disk = Disk();
        await PlantLaterGenerationAsync(store, vault, disk.AsMemory(3 * ChunkSize, ChunkSize));
        await using var session = await vault.BeginSessionAsync("golden", Cancel);
        var chunks = new List<StreamChunk>();
        for (int i = 0; i < 5; i++)
            chunks.Add(new(i, await session.PutChunkAsync(disk.AsMemory(i * ChunkSize, Math.Min(ChunkSize, disk.Length - i * ChunkSize)), Cancel)));
        await session.PublishAsync(
            new PointDraft
            {
                Source = Source,
                Item = Item,
                CreatedAt = CreatedAt,
                Details = Details(new { consistency = "Crash", lun = new[] { 0, 1, 2 } }),
                Streams =
                [
                    new StreamDraft { Name = "os", Length = disk.Length, Chunks = chunks },
                    new StreamDraft { Name = "empty", Length = 1L << 40, Chunks = [] },
                    new StreamDraft { Name = "big", Length = BigLength, Chunks = [new(1, chunks[0].Chunk), new(65536, chunks[3].Chunk)] },
                ],
                Documents = new Dictionary<string, ReadOnlyMemory<byte>> { ["vm.json"] = Encoding.UTF8.GetBytes(Document), ["none"] = default },
            },
            Cancel);
    }

    private static byte[] Text(string sentence) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(sentence, ChunkSize / sentence.Length + 1)))[..ChunkSize];

    /// <summary>A later generation is stored only where an earlier one was condemned; it is made by hand here.</summary>
    private static async Task PlantLaterGenerationAsync(FolderStore store, BackupVault vault, ReadOnlyMemory<byte> chunk)
    {
        var access = vault.Access;
        string name = ObjectNames.Chunk(access.Keys.NameChunk(chunk.Span), generation: 1);
        using var sealedChunk = access.Sealer.Seal(ObjectRole.Chunk, name, chunk.Span);
        await store.TryCreateAsync(name, sealedChunk.Memory, Cancel);
        await store.FlushAsync(Cancel);
    }
}
