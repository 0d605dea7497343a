using System.Text;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Verification;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Vault.Format;

/// <summary>Readers take arbitrary and slightly wrong bytes without anything but a failure that says so.</summary>
public sealed class ReaderRobustnessTests
{
    private const int ChunkSize = VaultOptions.MinimumChunkSize;

    [Property(MaxTest = 300)]
    public bool Open_ArbitraryBytes_IsDamage(byte[] bytes)
    {
        using var sealer = new ObjectSealer(VaultKeys.None(), RandomSource.System);
        return Fails("PointDamaged", () => sealer.Open(ObjectRole.Point, "points/x", bytes));
    }

    [Property(MaxTest = 300)]
    public bool Read_ArbitraryJson_IsDamage(byte[] bytes) =>
        Fails("PointDamaged", () => PointDocument.Read(bytes, "point.json", "id"))
        && Fails("VaultDamaged", () => VaultDescription.Read(bytes, "here"))
        && KeySlot.Read(bytes) is null;

    [Property(MaxTest = 300)]
    public bool Read_ArbitraryMaintenanceObject_IsNone(byte[] bytes) =>
        MarkDocument.Read(bytes) is null
        && ClockDocument.TryRead(bytes) is null
        && WaitsDocument.TryRead(bytes) is null
        && VerifiedDocuments.ReadChunks(bytes) is null
        && VerifiedDocuments.ReadPoints(bytes) is null
        && CondemnedList.Read(bytes) is null;

    [Property(MaxTest = 300)]
    public bool VerifiedRecords_Written_ReadBackAndNoOtherWay(ulong[] names, uint seconds, ushort flippedByte, ushort cut)
    {
        var at = DateTime.UnixEpoch.AddSeconds(seconds);
        var chunks = names.Select((name, i) => (new UInt128(name, ~name), i)).ToArray();
        var points = names.Select((name, i) => ($"{name:x16}{i:x16}", at.AddSeconds(i))).ToArray();
        byte[] ofChunks = VerifiedDocuments.WriteChunks(at, chunks);
        byte[] ofPoints = VerifiedDocuments.WritePoints(at, points);
        byte[] flipped = [.. ofPoints];
        flipped[flippedByte % flipped.Length] ^= 0x81;
        VerifiedDocuments.ReadPoints(flipped);
        return VerifiedDocuments.ReadChunks(ofChunks) is { } first && first.VerifiedAt == at && first.Chunks.SequenceEqual(chunks)
            && VerifiedDocuments.ReadPoints(ofPoints) is { } second && second.VerifiedAt == at && second.Points.SequenceEqual(points)
            && VerifiedDocuments.ReadChunks(ofChunks.AsSpan(0, cut % ofChunks.Length)) is null
            && VerifiedDocuments.ReadPoints(ofChunks) is null
            && VerifiedDocuments.ReadChunks(ofPoints) is null;
    }

    [Theory]
    [InlineData("""{"markVersion":1,"kind":"remove","madeAt":"2026-11-22T18:29:58.0000000Z","seconds":-1,"until":"","byRetention":false}""")]
    [InlineData("""{"markVersion":1,"kind":"remove","madeAt":"2026-11-22T18:29:58.0000000Z","seconds":9223372036854775807,"until":"","byRetention":false}""")]
    [InlineData("""{"markVersion":1,"kind":"remove","madeAt":"today","seconds":1,"until":"","byRetention":false}""")]
    [InlineData("""{"markVersion":1,"kind":"lock","madeAt":"2026-11-22T18:29:58.0000000Z","seconds":0,"until":"","byRetention":false}""")]
    [InlineData("""{"markVersion":1,"kind":"forget","madeAt":"2026-11-22T18:29:58.0000000Z","seconds":0,"until":"","byRetention":false}""")]
    [InlineData("""{"markVersion":2,"kind":"keep","madeAt":"2026-11-22T18:29:58.0000000Z","seconds":0,"until":"","byRetention":false}""")]
    [InlineData("""{"markVersion":1,"kind":"keep","madeAt":"2026-11-22T18:29:58.0000000Z","seconds":0,"until":"","byRetention":false,"also":1}""")]
    public void Read_JsonThatIsNoMark_IsNone(string json) => Assert.Null(MarkDocument.Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"pointVersion":1,"id":"id","source":null,"item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":{},"streams":[],"documents":[]}""")]
    [InlineData("""{"pointVersion":1,"id":"id","source":"s","item":"i","createdAt":"yesterday","details":{},"streams":[],"documents":[]}""")]
    [InlineData("""{"pointVersion":1,"id":"id","source":"s","item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":[],"streams":[],"documents":[]}""")]
    [InlineData("""{"pointVersion":1,"id":"id","source":"s","item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":{},"streams":[null],"documents":[]}""")]
    [InlineData("""{"pointVersion":1,"id":"id","source":"s","item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":{},"streams":[{"name":"n","length":1,"pages":[{"page":1,"sha256":"x"},{"page":1,"sha256":"x"}]}],"documents":[]}""")]
    [InlineData("""{"pointVersion":1,"id":"id","source":"s","item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":{},"streams":[{"name":"n","length":-1,"pages":[]}],"documents":[]}""")]
    [InlineData("""{"pointVersion":1,"id":"other","source":"s","item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":{},"streams":[],"documents":[]}""")]
    [InlineData("""{"pointVersion":2,"id":"id","source":"s","item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":{},"streams":[],"documents":[]}""")]
    public void Read_JsonThatIsNoPoint_IsDamage(string json) =>
        Assert.True(Fails("PointDamaged", () => PointDocument.Read(Encoding.UTF8.GetBytes(json), "point.json", "id")));

    /// <summary>What fuzzing found; any of it, planted by somebody without a key, made every opening fail.</summary>
    [Theory]
    [InlineData("""{"slotVersion":1,"kind":"\ud800"}""")]
    [InlineData("""{"slotVersion":1,"kind":"passphrase","id":"\ud800"}""")]
    [InlineData("""{"slotVersion":1,"\ud800":1}""")]
    public void Read_SlotWithTextThatNoStringHolds_IsNone(string json) => Assert.Null(KeySlot.Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"format":"\ud800","formatVersion":1}""")]
    [InlineData("""{"format":"AzsBackup vault","formatVersion":1,"id":"\ud800"}""")]
    public void Read_DescriptionWithTextThatNoStringHolds_IsDamage(string json) =>
        Assert.True(Fails("VaultDamaged", () => VaultDescription.Read(Encoding.UTF8.GetBytes(json), "here")));

    [Fact]
    public void Read_WaitsForNobody_IsNone() => Assert.Null(WaitsDocument.TryRead("""{"waitsVersion":1,"sessions":[null]}"""u8));

    [Fact]
    public void Read_StreamBeyondAllDisks_IsDamage() => Assert.True(Fails("PointDamaged", () => PointDocument.Read(
        """{"pointVersion":1,"id":"id","source":"s","item":"i","createdAt":"2026-11-22T18:29:58.0000000Z","details":{},"streams":[{"name":"n","length":9223372036854775807,"pages":[]}],"documents":[]}"""u8, "point.json", "id")));

    [Property(MaxTest = 300)]
    public bool IndexPage_Written_ReadsBackAndNoOtherWay(byte[] gaps, bool later, ushort flippedByte, ushort cut)
    {
        long number = 65536;
        var chunks = new List<StreamChunk>();
        foreach (byte gap in gaps.Take(100))
        {
            byte[] name = new byte[ChunkName.Length];
            new TestRandom((int)number).Fill(name);
            chunks.Add(new(number, new ChunkReference(new ChunkName(name), later && gap % 3 == 0 ? gap + 1 : 0, ChunkSize, 0)));
            number += gap + 1;
        }

        if (chunks.Count == 0)
            return true;
        long length = number * ChunkSize;
        using var written = IndexPage.Write(1, ChunkSize, length, chunks);
        var page = IndexPage.Read(written.Span, 1, ChunkSize, length);
        bool same = page is not null && page.Count == chunks.Count && Enumerable.Range(0, page.Count).All(i =>
            page.NumberAt(i) == chunks[i].Number && page.ChunkAt(i) == (chunks[i].Chunk.Name, chunks[i].Chunk.Generation) && page.PositionOf(chunks[i].Number) == i);

        // Cut: never a page. Flipped: a page or none, but no exception; seals are what detects it.
        byte[] flipped = written.Span.ToArray();
        flipped[flippedByte % flipped.Length] ^= 0x81;
        IndexPage.Read(flipped, 1, ChunkSize, length);
        return same
            && IndexPage.Read(written.Span[..(cut % written.Memory.Length)], 1, ChunkSize, length) is null
            && IndexPage.Read(written.Span, 2, ChunkSize, length) is null
            && IndexPage.Read(written.Span, 1, ChunkSize, length + 1) is null
            && IndexPage.Read(written.Span, 1, 2 * ChunkSize, length) is null;
    }

    [Property(MaxTest = 300)]
    public bool Names_AnyChunk_ParseBack(int seed, ushort generation)
    {
        byte[] bytes = new byte[ChunkName.Length];
        new TestRandom(seed).Fill(bytes);
        var name = new ChunkName(bytes);
        string text = ObjectNames.Chunk(name, generation);
        return AzsBackup.Vault.Stores.ObjectName.IsValid(text)
            && ObjectNames.TryParseChunk(text, out var parsed, out int parsedGeneration)
            && (parsed, parsedGeneration) == (name, generation)
            && !ObjectNames.TryParseChunk(text + ".0", out _, out _)
            && !ObjectNames.TryParseChunk(text.ToUpperInvariant(), out _, out _)
            && !ObjectNames.TryParseChunk("chunks/zz/" + name, out _, out _);
    }

    private static bool Fails(string errorId, Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (AzsException exception)
        {
            return exception.ErrorId == errorId;
        }
    }
}
