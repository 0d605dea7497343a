using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Restore;

/// <summary>Restores recovery points of one vault to fixed VHD files. Every chunk is authenticated and hashed before it is written.</summary>
/// <param name="vault">The vault, opened.</param>
/// <param name="budget">The memory all transfers share.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what is going on.</param>
public sealed class VmRestore(BackupVault vault, TransferBudget budget, TimeProvider clock, IRunLog log)
{
    /// <summary>Says what a restore would write. Changes nothing.</summary>
    /// <exception cref="AzsException">A disk is not in the point, or a file stands in the way.</exception>
    public static VmRestorePlan Plan(AzsVmRecoveryPoint point, VmRestoreOptions options)
    {
        var path = options.Path;
        if (File.Exists(path))
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "RestorePathIsFile", $"'{path}' is a file.", "Give a folder with -Path.", path);
        }

        var disks = options.Disks.Choose(point.VmName, point.Disks, disk => (disk.Name, disk.Lun))
            .Select(disk => (disk, Path.Combine(path, $"{point.VmName}-{VmDisk.SlotOf(disk.Lun)}.vhd")))
            .ToList();
        return disks.Find(disk => !options.Overwrite && File.Exists(disk.Item2)) is (not null, var file)
            ? throw new AzsException(
                AzsErrorKind.AlreadyExists,
                "RestoredFileExists",
                $"'{file}' exists already.",
                "Give another folder with -Path, or replace the file with -Force.",
                file)
            : new VmRestorePlan(point, disks, options);
    }

    /// <summary>Restores a point. Files get their names when every disk is whole: if it fails before, nothing of it is left and nothing was replaced.</summary>
    public async Task<AzsVmRestore> RunAsync(VmRestorePlan plan, CancellationToken cancellationToken)
    {
        var meter = new TransferMeter(plan.Point.VmName, "Restoring", clock, log);
        var files = new List<PartialFile>();
        try
        {
            var point = await vault.OpenPointAsync(plan.Point.Id, cancellationToken).ConfigureAwait(false);
            CreateFolder(plan.Options.Path);
            var written = 0L;
            foreach (var (disk, file) in plan.Disks)
            {
                var slot = VmDisk.SlotOf(disk.Lun);
                var stream = point.Streams.First(candidate => candidate.Name == slot);
                meter.Expect(stream.Length);
                var partial = PartialFile.Create(file, stream.Length);
                files.Add(partial);
                written += await WriteAsync(point, stream, partial, plan.Options, meter, cancellationToken).ConfigureAwait(false);
            }

            files.ForEach(file => file.Complete());
            return Describe(plan, written, meter.Elapsed);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
            meter.Finish();
        }
    }

    private async Task<long> WriteAsync(
        PointReader point, StreamIndex stream, PartialFile file, VmRestoreOptions options, TransferMeter meter, CancellationToken cancellationToken)
    {
        var written = 0L;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.ChunksInFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Runs(stream), parallel, async (run, cancelled) =>
        {
            using var buffer = await budget.TakeAsync(cancelled).ConfigureAwait(false);
            var length = 0;
            for (var i = 0; i < run.Chunks; i++)
            {
                var room = buffer.Slice(TransferBudget.PieceLength)[length..];
                length += await point.ReadChunkAsync(stream, run.First + i, room, cancelled).ConfigureAwait(false);
            }

            await file.WriteAsync(run.First * stream.ChunkSize, buffer.Slice(length), cancelled).ConfigureAwait(false);
            Interlocked.Add(ref written, length);
            meter.Add(length);
        }).ConfigureAwait(false);
        meter.Add(stream.Length - written);
        return written;
    }

    /// <summary>The stored chunks as runs of neighbours, ascending, each as long as a piece at most: one write each.</summary>
    private static IEnumerable<(long First, int Chunks)> Runs(StreamIndex stream)
    {
        var most = TransferBudget.PieceLength / stream.ChunkSize;
        var (first, chunks) = (0L, 0);
        foreach (var chunk in stream.Chunks)
        {
            if (chunks > 0 && (chunks == most || chunk.Number != first + chunks))
            {
                yield return (first, chunks);
                chunks = 0;
            }

            if (chunks == 0) first = chunk.Number;
            chunks++;
        }

        if (chunks > 0) yield return (first, chunks);
    }

    private static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AzsException(
                AzsErrorKind.StorageFailed,
                "RestorePathNotWritable",
                $"The folder '{path}' can't be made: {failure.Message}",
                "Check the path and its permissions.",
                path,
                failure);
        }
    }

    private static AzsVmRestore Describe(VmRestorePlan plan, long written, TimeSpan duration) => new()
    {
        VmName = plan.Point.VmName,
        RecoveryPointId = plan.Point.Id,
        RecoveryPointTime = plan.Point.CreatedAt,
        Path = plan.Options.Path,
        Disks = plan.Disks.Select(disk => new AzsRestoredDisk
        {
            Name = disk.Disk.Name,
            Lun = disk.Disk.Lun,
            SizeBytes = disk.Disk.SizeBytes,
            File = disk.File,
        }).ToList(),
        BytesWritten = written,
        Duration = duration,
    };
}
