using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>
/// Puts one disk's snapshot into a vault: what the stack says has changed since the earlier point, with a random sample of
/// the rest as a check on what it says; or all allocated ranges; or all of it.
/// </summary>
internal sealed class DiskBackup(
    VaultSession session, DiskSnapshot snapshot, int chunkSize, VmBackupOptions options, IRandomNumbers random, IRunLog log)
{
    private readonly string _diskName = snapshot.Disk.Name;

    /// <param name="basis">What to build on; null if nothing.</param>
    /// <param name="transfer">Reads the disk.</param>
    /// <param name="meter">Told of the bytes dealt with.</param>
    /// <param name="cancellationToken">Stops the backup of the disk.</param>
    public async Task<DiskBackupResult> RunAsync(DiskBasis? basis, DiskTransfer transfer, TransferMeter meter, CancellationToken cancellationToken)
    {
        var size = await DiskTransfer.ReadDiskSizeAsync(snapshot.Disk, snapshot.Reader, cancellationToken).ConfigureAwait(false);
        var length = size + VhdFooter.Length;
        meter.Expect(length);
        var copy = new DiskCopy(session, snapshot.Reader, length, chunkSize, transfer, meter);
        var report = ChangeReport.Unknown;
        var source = options.ChangeSource ?? AzsChangeSource.PageRangeDiff;
        IEnumerable<StreamChunk>? chunks = null;
        if (source == AzsChangeSource.PageRangeDiff)
        {
            (chunks, report) = await StoreChangesAsync(copy, basis, length, cancellationToken).ConfigureAwait(false);
            if (report == ChangeReport.Distrusted)
            {
                meter.Add(length - copy.BytesRead);
                meter.Expect(length);
            }
        }

        var before = report == ChangeReport.Distrusted ? copy.BytesRead : 0;
        if (chunks is null)
        {
            source = source == AzsChangeSource.FullRead ? source : AzsChangeSource.PageRanges;
            var stored = source == AzsChangeSource.FullRead
                ? await copy.PutAsync([new ByteRange(0, length)], cancellationToken).ConfigureAwait(false)
                : await copy.PutAsync(snapshot.Reader.GetRangesAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            chunks = stored.Select(chunk => new StreamChunk(chunk.Key, chunk.Value)).OrderBy(chunk => chunk.Number);
        }

        meter.Add(length - (copy.BytesRead - before));
        var disk = new VmPointDisk
        {
            Name = _diskName,
            Lun = snapshot.Disk.Lun,
            DiskId = snapshot.Disk.Id,
            SizeBytes = size,
            ChangeSource = source,
            BytesRead = copy.BytesRead,
            BytesStored = copy.BytesStored,
        };
        return new DiskBackupResult(new StreamDraft { Name = snapshot.Disk.Slot, Length = length, Chunks = chunks }, disk, report);
    }

    private async Task<(IEnumerable<StreamChunk>? Chunks, ChangeReport Report)> StoreChangesAsync(
        DiskCopy copy, DiskBasis? basis, long length, CancellationToken cancellationToken)
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

        var stored = await copy.PutAsync(changed.ToRanges(), cancellationToken).ConfigureAwait(false);
        var sample = await ChooseSampleAsync(basis.Index, changed, length, cancellationToken).ConfigureAwait(false);
        var sampled = await copy.PutAsync(sample.ToRanges(), cancellationToken).ConfigureAwait(false);
        var wrong = sample.Numbers.Where(number => basis.Index.Find(number).Name != sampled.GetValueOrDefault(number).Name).ToList();
        if (wrong.Count > 0)
        {
            log.Warning(
                $"The stack left changes of disk '{_diskName}' out of its report ({wrong.Count} of {sample.Count} samples differ, the first at byte "
                + $"{(long)wrong[0] * chunkSize}). All allocated ranges of the disk are read instead, and this stack's reports are not used any more.");
            return (null, ChangeReport.Distrusted);
        }

        var kept = basis.Index.Chunks.Where(chunk => !changed.Contains(chunk.Number));
        return (kept.Concat(stored.Select(chunk => new StreamChunk(chunk.Key, chunk.Value))).OrderBy(chunk => chunk.Number), ChangeReport.Usable);
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

    /// <summary>Some of the chunks that should be as they were: those that hold something in the earlier point or now, all as likely.</summary>
    private async Task<ChunkSet> ChooseSampleAsync(StreamIndex earlier, ChunkSet changed, long length, CancellationToken cancellationToken)
    {
        var candidates = new ChunkSet(length, chunkSize);
        foreach (var chunk in earlier.Chunks) candidates.Add(chunk.Number);
        await foreach (var range in snapshot.Reader.GetRangesAsync(cancellationToken).ConfigureAwait(false)) candidates.Add(range);

        var size = (int)Math.Clamp(options.SampleBytes / chunkSize, 1, int.MaxValue);
        var chosen = new List<int>();
        var seen = 0;
        foreach (var number in candidates.Numbers.Where(number => !changed.Contains(number)))
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
