using System.Text;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Golden;

/// <summary>The vaults that version 1 wrote, read for ever.</summary>
public sealed class GoldenVaultTests
{
    [Theory]
    [InlineData("encrypted", true)]
    [InlineData("plain", false)]
    public async Task Open_GoldenVault_GivesItsContent(string folder, bool encrypted)
    {
        using var store = new FolderStore(Path.Combine(GoldenVault.Root, folder));
        using var secret = encrypted ? Passphrase(GoldenVault.Password) : null;
        using var vault = await BackupVault.OpenAsync(store, secret, VaultRuntime.System, Cancel);
        Assert.Equal((GoldenVault.CreatedAt, ChunkSize, encrypted), (vault.Info.CreatedAt, vault.Info.ChunkSize, vault.Info.Encrypted));
        var header = Assert.Single(await ListAsync(vault));
        Assert.Equal((GoldenVault.Source, GoldenVault.Item, GoldenVault.CreatedAt), (header.Source, header.Item, header.CreatedAt));
        Assert.Equal("Crash", header.Details.GetProperty("consistency").GetString());

        var point = await vault.OpenPointAsync(header.Id, Cancel);
        Assert.Equal(["os", "empty", "big"], point.Streams.Select(stream => stream.Name));
        byte[] disk = GoldenVault.Disk();
        byte[] buffer = new byte[ChunkSize];
        for (int i = 0; i < 5; i++)
        {
            int length = await point.ReadChunkAsync(point.Streams[0], i, buffer, Cancel);
            Assert.True(disk.AsSpan(i * ChunkSize, length).SequenceEqual(buffer.AsSpan(0, length)));
        }

        Assert.Equal(1, point.Streams[0].Find(3).Generation);
        Assert.Empty(point.Streams[1].Chunks);
        Assert.Equal([1, 65536], point.Streams[2].Chunks.Select(chunk => chunk.Number));
        Assert.Equal(GoldenVault.Document, Encoding.UTF8.GetString((await point.ReadDocumentAsync("vm.json", Cancel)).Span));
        Assert.Equal(0, (await point.ReadDocumentAsync("none", Cancel)).Length);
    }

    [Theory]
    [InlineData("encrypted", true)]
    [InlineData("plain", false)]
    public void IndependentReader_GoldenVault_GivesItsContent(string folder, bool encrypted) =>
        ReadIndependently(Path.Combine(GoldenVault.Root, folder), encrypted);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IndependentReader_VaultWrittenToday_GivesItsContent(bool encrypted)
    {
        using var folder = new TemporaryFolder();
        await GoldenVault.WriteAsync(folder.Path, encrypted);
        ReadIndependently(folder.Path, encrypted);
    }

    [Fact(Explicit = true)]
    public async Task WriteGoldenVaults()
    {
        await GoldenVault.WriteAsync(Path.Combine(GoldenVault.Root, "encrypted"), encrypted: true);
        await GoldenVault.WriteAsync(Path.Combine(GoldenVault.Root, "plain"), encrypted: false);
    }

    private static void ReadIndependently(string folder, bool encrypted)
    {
        var reader = new IndependentReader(folder, encrypted ? GoldenVault.Password : null);
        byte[] disk = GoldenVault.Disk();
        var (length, chunks) = reader.ReadStream(GoldenVault.Source, GoldenVault.Item, "os");
        Assert.Equal(disk.Length, length);
        byte[] restored = new byte[length];
        foreach (var (number, bytes) in chunks)
            bytes.CopyTo(restored, number * ChunkSize);
        Assert.Equal(disk, restored);
        Assert.Empty(reader.ReadStream(GoldenVault.Source, GoldenVault.Item, "empty").Chunks);
        var big = reader.ReadStream(GoldenVault.Source, GoldenVault.Item, "big").Chunks;
        Assert.Equal([1, 65536], big.Keys);
        Assert.Equal(disk[(3 * ChunkSize)..(4 * ChunkSize)], big[65536]);
        Assert.Equal(GoldenVault.Document, Encoding.UTF8.GetString(reader.ReadDocument(GoldenVault.Source, GoldenVault.Item, "vm.json")));
    }
}
