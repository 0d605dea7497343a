using AzsBackup.Engine.Disks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>Finds out what a run need not read because one that died has read it.</summary>
internal sealed class Resumption(BackupTools tools, VaultSession session, VmBackupPlan plan, UnfinishedBackup unfinished)
{
    /// <summary>How old the snapshots of a run that died may be to become a recovery point themselves.</summary>
    private static readonly TimeSpan GreatestAge = TimeSpan.FromDays(1);

    /// <summary>
    /// What is the same in new snapshots as in those of the run that died, as the stack tells. Null if it does not tell: then
    /// nothing is known of what changed in between.
    /// </summary>
    public async Task<IReadOnlyList<TakenOver>?> CompareAsync(IReadOnlyList<DiskSnapshot> snapshots, CancellationToken cancellationToken)
    {
        var taken = new List<TakenOver>();
        foreach (var snapshot in snapshots)
        {
            if (unfinished.Find(snapshot.Disk) is not { Chunks.Count: > 0 } read
                || read.Length != await snapshot.Reader.GetLengthAsync(cancellationToken).ConfigureAwait(false))
            {
                taken.Add(TakenOver.Nothing);
                continue;
            }

            var changed = new ChunkSet(read.Length, tools.Vault.Info.ChunkSize);
            try
            {
                await foreach (var range in snapshot.Reader.GetChangesAsync(read.Reader, cancellationToken).ConfigureAwait(false)) changed.Add(range);
            }
            catch (AzsException refused) when (refused.ErrorId == "ChangesNotReported")
            {
                tools.Log.Verbose($"What changed on disk '{snapshot.Disk.Name}' since the run that died is not known. {refused.Message}");
                return null;
            }

            var same = read.Chunks.Where(chunk => !changed.Contains(chunk.Key));
            taken.Add(new TakenOver(await ListHeldAsync(same, cancellationToken).ConfigureAwait(false), IsSameSnapshot: false));
        }

        return taken;
    }

    /// <summary>
    /// The snapshots of the run that died with what it has read of them, if a recovery point may be made of them now; else null.
    /// </summary>
    /// <param name="level">The consistency that is asked for.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    public async Task<(IReadOnlyList<DiskSnapshot> Snapshots, IReadOnlyList<TakenOver> Taken)?> ContinueAsync(
        AzsConsistency level, CancellationToken cancellationToken)
    {
        var age = tools.Clock.GetUtcNow().UtcDateTime - unfinished.CreatedAt;
        if (unfinished.Reached.Level != level || age < TimeSpan.Zero || age > GreatestAge) return null;
        var snapshots = new List<DiskSnapshot>();
        var taken = new List<TakenOver>();
        foreach (var disk in plan.Disks)
        {
            if (unfinished.Find(disk) is not { } read) return null;
            var isWhole = read.Length == await read.Reader.GetLengthAsync(cancellationToken).ConfigureAwait(false);
            snapshots.Add(new DiskSnapshot(disk, unfinished.CreatedAt, read.Reader, read.Kept));
            taken.Add(isWhole
                ? new TakenOver(await ListHeldAsync(read.Chunks, cancellationToken).ConfigureAwait(false), IsSameSnapshot: true)
                : TakenOver.Nothing);
        }

        return (snapshots, taken);
    }

    // What was condemned or lost since is read and put again.
    private async Task<IReadOnlyDictionary<long, ChunkReference>> ListHeldAsync(
        IEnumerable<KeyValuePair<long, ChunkReference>> chunks, CancellationToken cancellationToken)
    {
        var held = new Dictionary<long, ChunkReference>();
        foreach (var (number, chunk) in chunks)
        {
            if (await session.HoldsChunkAsync(chunk, cancellationToken).ConfigureAwait(false)) held.Add(number, chunk);
        }

        return held;
    }
}
