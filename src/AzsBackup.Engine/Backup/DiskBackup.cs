using AzsBackup.Engine.Backup.Resuming;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>
/// Puts one disk's snapshot into a vault: what the stack says has changed since the earlier point, with a random sample of
/// the rest as a check on what it says; or all allocated ranges; or all of it. What a run that died has read is not read again.
/// </summary>
internal sealed class DiskBackup(
    VaultSession session, DiskSnapshot snapshot, int chunkSize, VmBackupOptions options, IRandomNumbers random, IRunLog log)
{
    private readonly string _diskName = snapshot.Disk.Name;

    /// <param name="basis">What to build on; null if nothing.</param>
    /// <param name="taken">What need not be read.</param>
    /// <param name="transfer">Reads the disk.</param>
    /// <param name="meter">Told of the bytes dealt with.</param>
    /// <param name="begin">Begins to write down what is in the vault, given the disk's length in bytes.</param>
    /// <param name="cancellationToken">Stops the backup of the disk.</param>
    public async Task<DiskBackupResult> RunAsync(
        DiskBasis? basis, TakenOver taken, DiskTransfer transfer, TransferMeter meter, Func<long, DiskProgress?> begin, CancellationToken cancellationToken)
    {
        var size = await DiskTransfer.ReadDiskSizeAsync(snapshot.Disk, snapshot.Reader, cancellationToken).ConfigureAwait(false);
        var length = size + VhdFooter.Length;
        meter.Expect(length);
        var progress = begin(length);
        var copy = new DiskCopy(session, snapshot.Reader, length, chunkSize, transfer, meter, progress);
        var source = options.ChangeSource ?? AzsChangeSource.PageRangeDiff;
        ChunkSet? changed = null;
        var report = ChangeReport.Unknown;
        if (source == AzsChangeSource.PageRangeDiff) (changed, report) = await FindChangesAsync(basis, length, cancellationToken).ConfigureAwait(false);
        if (changed is null && source != AzsChangeSource.FullRead) source = AzsChangeSource.PageRanges;
        var earlier = changed is null ? null : basis!.Index;

        var needed = changed ?? await ListUsedAsync(source, length, cancellationToken).ConfigureAwait(false);
        var reused = taken.Chunks.Where(chunk => needed.Contains(chunk.Key)).ToDictionary();
        var chunks = await StoreAsync(copy, needed, reused, progress, length, cancellationToken).ConfigureAwait(false);
        var before = 0L;
        if (source != AzsChangeSource.FullRead && (earlier is not null || (reused.Count > 0 && !taken.IsSameSnapshot)))
        {
            report = await CheckSampleAsync(copy, earlier, needed, reused, length, cancellationToken).ConfigureAwait(false);
            if (report == ChangeReport.Distrusted)
            {
                meter.Add(length - copy.BytesRead);
                meter.Expect(length);
                before = copy.BytesRead;
                source = AzsChangeSource.PageRanges;
                (earlier, reused) = (null, []);
                needed = await ListUsedAsync(source, length, cancellationToken).ConfigureAwait(false);
                chunks = await StoreAsync(copy, needed, reused, progress, length, cancellationToken).ConfigureAwait(false);
            }
        }

        meter.Add(length - (copy.BytesRead - before));
        var all = chunks.Concat(reused).Where(chunk => !chunk.Value.IsZero).Select(chunk => new StreamChunk(chunk.Key, chunk.Value));
        if (earlier is not null) all = all.Concat(earlier.Chunks.Where(chunk => !needed.Contains(chunk.Number)));
        var disk = new VmPointDisk
        {
            Name = _diskName,
            Lun = snapshot.Disk.Lun,
            DiskId = snapshot.Disk.Id,
            SizeBytes = size,
            ChangeSource = source,
            BytesRead = copy.BytesRead,
            BytesStored = copy.BytesStored,
            BytesResumed = reused.Keys.Sum(number => LengthOf(number, length)),
        };
        var stream = new StreamDraft { Name = snapshot.Disk.Slot, Length = length, Chunks = all.OrderBy(chunk => chunk.Number) };
        return new DiskBackupResult(stream, disk, report);
    }

    private long LengthOf(long number, long length) => Math.Min(chunkSize, length - (number * chunkSize));

    /// <summary>Puts what is needed but for what is there already.</summary>
    private async Task<IReadOnlyDictionary<long, ChunkReference>> StoreAsync(
        DiskCopy copy, ChunkSet needed, Dictionary<long, ChunkReference> reused, DiskProgress? progress, long length, CancellationToken cancellationToken)
    {
        if (progress is not null)
        {
            progress.Expect((long)needed.Count * chunkSize);
            var there = reused.Select(chunk => new StreamChunk(chunk.Key, chunk.Value));
            await progress.AddAsync(there, reused.Keys.Sum(number => LengthOf(number, length)), cancellationToken).ConfigureAwait(false);
        }

        var toRead = new ChunkSet(length, chunkSize);
        foreach (var number in needed.Numbers.Where(number => !reused.ContainsKey(number))) toRead.Add(number);
        return await copy.PutAsync(toRead.ToRanges(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What may hold something other than zeros; or all there is.</summary>
    private async Task<ChunkSet> ListUsedAsync(AzsChangeSource source, long length, CancellationToken cancellationToken)
    {
        var used = new ChunkSet(length, chunkSize);
        if (source == AzsChangeSource.FullRead) used.Add(new ByteRange(0, length));
        else await foreach (var range in snapshot.Reader.GetRangesAsync(cancellationToken).ConfigureAwait(false)) used.Add(range);
        return used;
    }

    private async Task<(ChunkSet? Changed, ChangeReport Report)> FindChangesAsync(DiskBasis? basis, long length, CancellationToken cancellationToken)
    {
        // A disk that was resized has another length, and is read anew.
        if (basis is null || basis.Index.Length != length || basis.Index.ChunkSize != chunkSize) return (null, ChangeReport.Unknown);
        var (changed, report) = await ListChangesAsync(basis, length, cancellationToken).ConfigureAwait(false);
        if (changed is null) return (null, report);

        // What an earlier point relies on and the vault has lost is read again: so a later backup heals a vault.
        foreach (var chunk in basis.Index.Chunks)
        {
            if (!await session.HoldsChunkAsync(chunk.Chunk, cancellationToken).ConfigureAwait(false)) changed.Add(chunk.Number);
        }

        return (changed, report);
    }

    private async Task<(ChunkSet? Changed, ChangeReport Report)> ListChangesAsync(DiskBasis basis, long length, CancellationToken cancellationToken)
    {
        var earlier = await basis.Snapshot.FindAsync(cancellationToken).ConfigureAwait(false);
        if (earlier is null)
        {
            log.Verbose($"The {basis.Snapshot.Description} is gone, so all allocated ranges of disk '{_diskName}' are read.");
            return (null, ChangeReport.Unknown);
        }

        var changed = new ChunkSet(length, chunkSize);
        try
        {
            await foreach (var range in snapshot.Reader.GetChangesAsync(earlier, cancellationToken).ConfigureAwait(false)) changed.Add(range);
            return (changed, ChangeReport.Usable);
        }
        catch (AzsException refused) when (refused.ErrorId == "ChangesNotReported")
        {
            log.Verbose($"All allocated ranges of disk '{_diskName}' are read. {refused.Message}");
            return (null, refused.Kind == AzsErrorKind.NotSupported ? ChangeReport.NotSupported : ChangeReport.Unknown);
        }
    }

    /// <summary>Reads some of what the stack says is as it was, and compares.</summary>
    private async Task<ChangeReport> CheckSampleAsync(
        DiskCopy copy, StreamIndex? earlier, ChunkSet needed, Dictionary<long, ChunkReference> reused, long length, CancellationToken cancellationToken)
    {
        var sample = await ChooseSampleAsync(earlier, needed, reused.Keys, length, cancellationToken).ConfigureAwait(false);
        var sampled = await copy.PutAsync(sample.ToRanges(), cancellationToken).ConfigureAwait(false);
        var wrong = sample.Numbers.Where(number => ExpectedAt(number).Name != sampled.GetValueOrDefault(number).Name).ToList();
        if (wrong.Count == 0) return ChangeReport.Usable;
        log.Warning(
            $"The stack left changes of disk '{_diskName}' out of its report ({wrong.Count} of {sample.Count} samples differ, the first at byte "
            + $"{(long)wrong[0] * chunkSize}). All allocated ranges of the disk are read instead, and this stack's reports are not used any more.");
        return ChangeReport.Distrusted;

        ChunkReference ExpectedAt(long number) =>
            reused.TryGetValue(number, out var chunk) ? chunk : earlier?.Find(number) ?? ChunkReference.Zero;
    }

    /// <summary>Some of the chunks that should be as they were: those that hold something in the earlier point or now, all as likely.</summary>
    private async Task<ChunkSet> ChooseSampleAsync(
        StreamIndex? earlier, ChunkSet needed, IEnumerable<long> reused, long length, CancellationToken cancellationToken)
    {
        var candidates = new ChunkSet(length, chunkSize);
        if (earlier is not null)
        {
            foreach (var chunk in earlier.Chunks.Where(chunk => !needed.Contains(chunk.Number))) candidates.Add(chunk.Number);
            var used = await ListUsedAsync(AzsChangeSource.PageRanges, length, cancellationToken).ConfigureAwait(false);
            foreach (var number in used.Numbers.Where(number => !needed.Contains(number))) candidates.Add(number);
        }

        foreach (var number in reused) candidates.Add(number);

        // Without an earlier point, only what was taken over is on trial: a hundredth of it, so that resuming saves what it should.
        var bytes = earlier is not null ? options.SampleBytes : Math.Min(options.SampleBytes, (long)candidates.Count * chunkSize / 100);
        var size = (int)Math.Clamp(bytes / chunkSize, 1, int.MaxValue);
        var chosen = new List<int>();
        var seen = 0;
        foreach (var number in candidates.Numbers)
        {
            // Reservoir sampling (Vitter's algorithm R): every candidate ends up in the sample with the same probability.
            seen++;
            if (chosen.Count < size) chosen.Add(number);
            else if (random.Below(seen) is var place && place < size) chosen[place] = number;
        }

        var sample = new ChunkSet(length, chunkSize);
        chosen.ForEach(number => sample.Add(number));
        return sample;
    }
}
