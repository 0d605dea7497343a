using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Jobs;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Runs;
using AzsBackup.Vault.Settings;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>All readers of the format.</summary>
internal static class FuzzTargets
{
    private const int SealHeader = 24;

    public static IReadOnlyList<FuzzTarget> All(FuzzCorpus corpus, string keyFile) =>
    [
        new("vault.json", corpus["vault.json"], bytes => VaultDescription.Read(bytes, "here").CheckedLines()),
        new("key slot", corpus["keys/"], ReadSlot, MaximumAllocation: 4 << 20),
        new("recovery key file", corpus["recovery.txt"], bytes => ReadRecoveryKey(bytes, keyFile), Weight: 5),
        new("waits", corpus[".waits"], bytes => WaitsDocument.TryRead(bytes)?.Sessions.Contains("x", StringComparer.Ordinal)),
        new("clock", corpus["clock/"], bytes => ClockDocument.TryRead(bytes)),
        new("mark", corpus[".mark"], bytes => MarkDocument.Read(bytes)),
        new("setting", corpus[".setting"], bytes => SettingDocument.TryRead(bytes)),
        new("record of a job", [.. corpus[".begun"], .. corpus[".ended"]], bytes => JobDocument.TryRead(bytes)),
        new("proof", corpus[".proof"], bytes => ProofDocument.Read(bytes)),
        new("condemned list", [.. corpus["condemned/"].Concat(corpus["barred/"])], bytes => CondemnedList.Read(bytes)),
        new("record of chunks", corpus[".chunks"], bytes => VerifiedDocuments.ReadChunks(bytes)),
        new("record of points", corpus[".points"], bytes => VerifiedDocuments.ReadPoints(bytes)),
        new("turn", corpus[".turn"], bytes => TurnDocument.TryRead(bytes)),
        new("note", corpus[".note"], bytes => RunNote.TryRead(bytes)?.GetRawText(), Weight: 2),
        new("progress", corpus[".done"], ReadProgress),
        new("end", corpus[".end"], bytes => SessionCensus.IsEnd(bytes), Weight: 2),
        new("index page", corpus[".index"], ReadPage),
        new("point.json", corpus["point.json"], ReadPoint),
        new("object name", [.. corpus.Plain.Keys.Select(Encoding.ASCII.GetBytes)], ReadName),
        new("seal, encrypted", Sealed(Keyed(), corpus), bytes => Unseal(Keyed(), bytes)),
        new("seal, plain", Sealed(VaultKeys.None(), corpus), bytes => Unseal(VaultKeys.None(), bytes)),

        // A header may claim 64 MiB, and whoever could make the checksum right gets them: not more.
        new("frame under a right seal", Sealed(VaultKeys.None(), corpus), bytes => Unseal(VaultKeys.None(), Reseal(bytes)), MaximumAllocation: ObjectSealer.MaximumContent + (1 << 20)),
    ];

    private static VaultKeys Keyed() => VaultKeys.From(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), Guid.Empty);

    private static void ReadSlot(byte[] bytes)
    {
        SlotKinds.IsOfAnotherVersion(bytes);
        if (KeySlot.Read(bytes) is not { } slot)
            return;
        slot.Binding(Guid.Empty);

        // What a slot asks for is bounded to seconds; a fuzzer has no such time.
        if (slot is PassphraseSlot { Iterations: > 1000 })
            return;
        using var secret = Passphrase();
        if (secret.MayOpen(slot))
            secret.TryUnwrap(slot, Guid.Empty, new byte[VaultKeys.Length]);
        using var recovery = RecoveryKeySecret.Generate(new TestRandom(1));
        if (recovery.MayOpen(slot))
            recovery.TryUnwrap(slot, Guid.Empty, new byte[VaultKeys.Length]);
    }

    private static void ReadRecoveryKey(byte[] bytes, string path)
    {
        File.WriteAllBytes(path, bytes);
        VaultSecret.FromRecoveryKeyFileAsync(path, CancellationToken.None).GetAwaiter().GetResult().Dispose();
    }

    private static void ReadPage(byte[] bytes)
    {
        foreach (int number in new[] { 0, 1 })
        {
            if (IndexPage.Read(bytes, number, ChunkSize) is not { } page)
                continue;
            for (int i = 0; i < page.Count; i++)
            {
                if (page.PositionOf(page.NumberAt(i)) != i || page.ChunkAt(i).Generation < 0)
                    throw new InvalidOperationException("A page that was read contradicts itself.");
            }
        }
    }

    private static void ReadProgress(byte[] bytes)
    {
        if (ProgressPage.Read(bytes, ChunkSize) is not { } page)
            return;
        var written = ProgressPage.Read(page.Write(ChunkSize), ChunkSize);
        if (written is null || !written.Chunks.SequenceEqual(page.Chunks))
            throw new InvalidOperationException("A page that was read contradicts itself.");
    }

    private static void ReadPoint(byte[] bytes)
    {
        // The id a point must have is part of its name; take the one it claims, so that there is something to read.
        string text = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 200)));
        int at = text.IndexOf("\"id\":\"", StringComparison.Ordinal);
        string id = at >= 0 && text.Length >= at + 38 ? text.Substring(at + 6, 32) : "x";
        var point = PointDocument.Read(bytes, "point.json", id);
        PointReader.HeaderOf(point, default);
        foreach (var stream in point.Streams)
        {
            var index = new StreamIndex(stream.Name, stream.Length, ChunkSize, []);
            if (index.ChunkCount < 0 || (index.ChunkCount > 0 && index.LengthOf(index.ChunkCount - 1) is < 1 or > ChunkSize))
                throw new InvalidOperationException("A stream that was read contradicts itself.");
        }
    }

    private static void ReadName(byte[] bytes)
    {
        string name = Encoding.UTF8.GetString(bytes);
        ObjectName.IsValid(name);
        if (ObjectNames.TryParseChunk(name, out var chunk, out int generation) && ObjectNames.Chunk(chunk, generation) != name)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (ObjectNames.TryParsePoint(name, out string folder, out _) && ObjectNames.Point(folder) != name)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (ObjectNames.TryParsePart(name, out folder, out string part) && folder + part != name)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        foreach (string prefix in new[] { ObjectNames.Sessions, ObjectNames.CondemnedLists, MaintenanceNames.Barred, ObjectNames.Keys })
            ObjectNames.TryParseId(prefix, name, out _, out _);
        string last = name[(name.LastIndexOf('/') + 1)..];
        if (ObjectNames.TryParsePage(last, out int page) && page < 0)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (MaintenanceNames.TryParseMark(last, out int mark) && MaintenanceNames.Mark("", mark) != last)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (MaintenanceNames.TryParseClock(name, out int clock) && MaintenanceNames.Clock(clock) != name)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (RunNames.TryParse(name, out folder, out part) && folder + part != name)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (RunNames.TryParseTurn(last, out int turn) && RunNames.Turn("", turn) != last)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (RunNames.TryParseNote(last, out string run, out string note) && RunNames.Note("", run, note) != last)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (RunNames.TryParseProgress(last, out run, out int done) && RunNames.Progress("", run, done) != last)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (RecordNames.TryParseJob(name, out folder, out int record, out bool ended) && (ended ? RecordNames.Ended(folder, record) : RecordNames.Begun(folder, record)) != name)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        if (RecordNames.TryParseSetting(name, out folder, out int version) && RecordNames.Setting(folder, version) != name)
            throw new InvalidOperationException($"'{name}' is not what it was parsed as.");
        ObjectNames.IsKey(name);
        MaintenanceNames.IsVerifiedChunks(name);
        MaintenanceNames.IsVerifiedPoints(name);
    }

    /// <summary>One object of each role, behind its role and under the name "x".</summary>
    private static byte[][] Sealed(VaultKeys keys, FuzzCorpus corpus)
    {
        using var sealer = new ObjectSealer(keys, new TestRandom(2));
        var objects = new List<byte[]>();
        foreach (var role in Enum.GetValues<ObjectRole>())
        {
            var (name, plain) = corpus.Plain.First(pair => FuzzCorpus.IsSealed(pair.Key) && !pair.Key.Contains(':', StringComparison.Ordinal) && pair.Key.Contains('/', StringComparison.Ordinal) && FuzzCorpus.RoleOf(pair.Key) == role);
            using var content = sealer.Seal(role, "x", role == ObjectRole.Chunk ? plain.AsSpan(0, Math.Min(plain.Length, 4096)) : plain);
            objects.Add([.. content.Memory.ToArray()]);
        }

        return [.. objects];
    }

    private static void Unseal(VaultKeys keys, byte[] bytes)
    {
        using var sealer = new ObjectSealer(keys, RandomSource.System);
        var role = bytes.Length > 5 && Enum.IsDefined((ObjectRole)bytes[5]) ? (ObjectRole)bytes[5] : ObjectRole.Point;
        using var content = sealer.Open(role, "x", [.. bytes]);
        if (content.Memory.Length != BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)))
            throw new InvalidOperationException("Another length than the one it says came out.");
    }

    /// <summary>Makes the checksum right again: so that what is below it meets what was made of it.</summary>
    private static byte[] Reseal(byte[] bytes)
    {
        if (bytes.Length < ObjectSealer.Overhead)
            return bytes;
        byte[] bound = [.. bytes[..SealHeader], (byte)'x', .. bytes[SealHeader..^16]];
        return [.. bytes[..^16], .. SHA256.HashData(bound)[..16]];
    }
}
