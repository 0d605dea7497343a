using System.Text;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using FsCheck.Xunit;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

public sealed class VaultSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 40)]
    public async Task<bool> Publish_AnyStream_ComesBackByteForByte(byte[] sorts, ushort lastChunk, bool encrypted, int seed)
    {
        byte[] stream = MakeStream(sorts.AsSpan(0, Math.Min(sorts.Length, 12)), lastChunk, seed & 0xffff);
        var store = new MemoryStore();
        using var vault = await CreateAsync(store, encrypted);
        string id = (await BackUpAsync(vault, stream)).Id;
        using var reopened = await OpenAsync(store, encrypted);
        byte[] restored = await RestoreAsync(reopened, id);
        return stream.AsSpan().SequenceEqual(restored);
    }

    [Fact]
    public async Task Publish_Folder_HeaderAndDocumentsComeBack()
    {
        using var store = new FolderStore(_folder.Path);
        using var vault = await CreateAsync(store);
        byte[] stream = MakeStream([1, 0, 2, 3, 3], 1000, seed: 1);
        string id = (await BackUpAsync(vault, stream)).Id;

        using var reopened = await OpenAsync(new FolderStore(_folder.Path));
        var header = Assert.Single(await ListAsync(reopened));
        Assert.False(header.IsDamaged);
        Assert.Equal((id, Source, Item), (header.Id, header.Source, header.Item));
        Assert.Equal(new DateTime(2026, 11, 22, 1, 2, 3, DateTimeKind.Utc), header.CreatedAt);
        Assert.Equal("payroll-db", header.Details.GetProperty("vmName").GetString());
        Assert.Equal([new PointPart("disk-0", stream.Length)], header.Streams);
        Assert.Equal(stream, await RestoreAsync(reopened, id));
        var point = await reopened.OpenPointAsync(id, Cancel);
        Assert.Equal("""{"secretText":"Kirschbaum"}""", Encoding.UTF8.GetString((await point.ReadDocumentAsync("config.json", Cancel)).Span));
        Assert.Equal("DocumentNotFound", (await Assert.ThrowsAsync<AzsException>(() => point.ReadDocumentAsync("other", Cancel))).ErrorId);
        Assert.Empty(Directory.GetFiles(_folder["sessions"]));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Publish_SameStreamAgain_StoresNoChunk(bool encrypted)
    {
        using var vault = await CreateAsync(_store, encrypted);
        byte[] stream = MakeStream([2, 1, 0, 3, 3, 2], 5000, seed: 7);
        var first = await BackUpAsync(vault, stream);
        int chunks = _store.Objects.Keys.Count(IsChunk);
        using var reopened = await OpenAsync(_store, encrypted);
        var second = await BackUpAsync(reopened, stream);
        Assert.Equal(5, chunks);
        Assert.Equal(_store.Objects.Where(stored => IsChunk(stored.Key)).Sum(stored => stored.Value.Content.Length), first.BytesStored);
        Assert.Equal(0, second.BytesStored);
        Assert.Equal(chunks, _store.Objects.Keys.Count(IsChunk));
    }

    [Fact]
    public async Task Publish_TerabyteWithLittleData_IsSparse()
    {
        using var vault = await CreateAsync(_store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        byte[] piece = MakeStream([2], 0, seed: 3);
        var reference = await session.PutChunkAsync(piece, Cancel);
        long length = 1L << 40;
        long[] numbers = [0, 65535, 65536, length / ChunkSize - 1];
        string id = await session.PublishAsync(Draft("disk", length, [.. numbers.Select(number => new StreamChunk(number, reference))]), Cancel);

        var point = await vault.OpenPointAsync(id, Cancel);
        var stream = point.Streams[0];
        Assert.Equal(numbers, stream.Chunks.Select(chunk => chunk.Number));
        Assert.All(stream.Chunks, chunk => Assert.Equal(reference, chunk.Chunk));
        Assert.Equal((4, length / ChunkSize), (stream.StoredChunks, stream.ChunkCount));
        byte[] buffer = new byte[ChunkSize];
        foreach (long number in numbers)
        {
            Assert.Equal(ChunkSize, await point.ReadChunkAsync(stream, number, buffer, Cancel));
            Assert.Equal(piece, buffer);
        }

        Assert.True(stream.Find(1).IsZero);
        await point.ReadChunkAsync(stream, 65534, buffer, Cancel);
        Assert.False(buffer.AsSpan().ContainsAnyExcept((byte)0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await point.ReadChunkAsync(stream, stream.ChunkCount, buffer, Cancel));
        Assert.Equal(3, _store.Objects.Keys.Count(name => name.EndsWith(".index", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task PutChunk_SameChunkManyTimesAtOnce_StoresOnce()
    {
        using var vault = await CreateAsync(_store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        byte[] chunk = MakeStream([2], 0, seed: 1);
        var references = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => session.PutChunkAsync(chunk, Cancel).AsTask(), Cancel)));
        Assert.Single(references, reference => reference.BytesStored > 0);
        Assert.Single(references.Distinct());
        Assert.Single(_store.Objects.Keys, IsChunk);
    }

    [Fact]
    public async Task PutChunk_Zeros_CostNothing()
    {
        using var vault = await CreateAsync(_store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        int before = _store.Objects.Count;
        Assert.Equal(ChunkReference.Zero, await session.PutChunkAsync(new byte[ChunkSize], Cancel));
        Assert.Equal(before, _store.Objects.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ChunkSize + 1)]
    public async Task PutChunk_BadLength_IsRefused(int length)
    {
        using var vault = await CreateAsync(_store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.PutChunkAsync(new byte[length], Cancel));
    }

    [Fact]
    public async Task PutChunk_FirstWriterFails_TheNextOneStores()
    {
        (await CreateAsync(_store)).Dispose();

        // The session object and its flush are the first two changes; the chunk is the third.
        using (var vault = await OpenAsync(new FailingStore(_store, failingChange: 3)))
        {
            var session = await vault.BeginSessionAsync("test", Cancel);
            await Assert.ThrowsAsync<AzsException>(async () => await session.PutChunkAsync(MakeStream([2], 0, 1), Cancel));
            await session.DisposeAsync();
        }

        using var healthy = await OpenAsync(_store);
        Assert.True((await BackUpAsync(healthy, MakeStream([2], 0, 1))).BytesStored > ChunkSize);
    }

    [Fact]
    public async Task PutChunk_OnlyALaterGenerationThere_RefersToIt()
    {
        using var vault = await CreateAsync(_store);
        byte[] stream = MakeStream([2], 0, seed: 1);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        var reference = await session.PutChunkAsync(stream, Cancel);
        string name = $"chunks/{reference.Name.ToString()[..2]}/{reference.Name}";
        Assert.True(_store.Objects.TryRemove(name, out var stored));
        _store.Objects[name + ".2"] = stored;
        _store.Objects[name + ".1"] = stored;
        _store.Objects[name + ".03"] = stored;
        await using var later = await vault.BeginSessionAsync("test", Cancel);
        Assert.Equal(2, (await later.PutChunkAsync(stream, Cancel)).Generation);
    }

    [Fact]
    public async Task Publish_ReferenceTheVaultDoesNotHold_IsRefusedAndPublishesNothing()
    {
        var other = new MemoryStore();
        using var otherVault = await CreateAsync(other);
        await using var otherSession = await otherVault.BeginSessionAsync("test", Cancel);
        var foreign = await otherSession.PutChunkAsync(MakeStream([2], 0, 1), Cancel);

        using var vault = await CreateAsync(_store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        var failure = await Assert.ThrowsAsync<AzsException>(() => session.PublishAsync(Draft("disk", ChunkSize, [new(0, foreign)]), Cancel));
        Assert.Equal("ChunkMissing", failure.ErrorId);
        Assert.Empty(await ListAsync(vault));
    }

    [Fact]
    public async Task Publish_ContradictoryDraft_IsRefused()
    {
        using var vault = await CreateAsync(_store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        var whole = await session.PutChunkAsync(MakeStream([2], 0, 1), Cancel);
        var part = await session.PutChunkAsync(MakeStream([], 100, 1), Cancel);
        var good = Draft("disk", 2 * ChunkSize, [new(0, whole), new(1, whole)]);
        PointDraft[] bad =
        [
            good with { Source = "" },
            good with { Item = "a\0b" },
            good with { CreatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local) },
            good with { Details = Details("text") },
            good with { Streams = [good.Streams[0], good.Streams[0]] },
            Draft("disk", -1, []),
            Draft("disk", 2 * ChunkSize, [new(1, whole), new(0, whole)]),
            Draft("disk", 2 * ChunkSize, [new(1, whole), new(1, whole)]),
            Draft("disk", 2 * ChunkSize, [new(2, whole)]),
            Draft("disk", 2 * ChunkSize, [new(-1, whole)]),
            Draft("disk", 2 * ChunkSize, [new(0, part)]),
            Draft("disk", ChunkSize + 100, [new(1, whole)]),
        ];
        foreach (var draft in bad)
            await Assert.ThrowsAsync<ArgumentException>(() => session.PublishAsync(draft, Cancel));
        Assert.Empty(await ListAsync(vault));
        await session.PublishAsync(good, Cancel);
        await session.PublishAsync(Draft("disk", ChunkSize + 100, [new(0, whole), new(1, part)]), Cancel);
        Assert.Equal(2, (await ListAsync(vault)).Count);
    }

    [Fact]
    public async Task Publish_TwoSessionsAtOnceOnOneFolder_BothRestore()
    {
        using var first = new FolderStore(_folder.Path);
        using var second = new FolderStore(_folder.Path);
        using var firstVault = await CreateAsync(first);
        using var secondVault = await OpenAsync(second);
        byte[] firstStream = MakeStream([2, 2, 3, 1, 2, 3, 0, 2], 10, seed: 1);
        byte[] secondStream = MakeStream([2, 2, 3, 1, 2, 3, 2, 2], 20, seed: 1);
        var runs = await Task.WhenAll(
            Task.Run(() => BackUpAsync(firstVault, firstStream, "/vm/1"), Cancel),
            Task.Run(() => BackUpAsync(secondVault, secondStream, "/vm/2"), Cancel));
        using var reopened = await OpenAsync(new FolderStore(_folder.Path));
        Assert.Equal(firstStream, await RestoreAsync(reopened, runs[0].Id));
        Assert.Equal(secondStream, await RestoreAsync(reopened, runs[1].Id));
        Assert.Equal(["/vm/1", "/vm/2"], (await ListAsync(reopened)).Select(point => point.Item).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Session_WhileOpen_HasItsObjectAndRefusesUseAfterwards()
    {
        using var vault = await CreateAsync(_store);
        var session = await vault.BeginSessionAsync("nightly backup", Cancel);
        Assert.Contains($"sessions/{session.Id}", _store.Objects.Keys);
        await session.DisposeAsync();
        Assert.DoesNotContain($"sessions/{session.Id}", _store.Objects.Keys);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await session.PutChunkAsync(new byte[1], Cancel));
        await session.DisposeAsync();
    }

    private static bool IsChunk(string name) => name.StartsWith("chunks/", StringComparison.Ordinal);

    private static PointDraft Draft(string name, long length, StreamChunk[] chunks) => new()
    {
        Source = Source,
        Item = Item,
        CreatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Details = Details(new { }),
        Streams = [new StreamDraft { Name = name, Length = length, Chunks = chunks }],
    };
}
