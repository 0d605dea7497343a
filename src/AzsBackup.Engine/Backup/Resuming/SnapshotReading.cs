using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>What a run reads.</summary>
/// <param name="Snapshots">The snapshots, in the order of the disks.</param>
/// <param name="Taken">What need not be read of each.</param>
/// <param name="Reached">What they are consistent with.</param>
/// <param name="CreatedAt">When they were asked for (UTC).</param>
/// <param name="IsOfUnfinished">Whether a run that died made them.</param>
internal sealed record SnapshotReading(
    IReadOnlyList<DiskSnapshot> Snapshots, IReadOnlyList<TakenOver> Taken, ReachedConsistency Reached, DateTime CreatedAt, bool IsOfUnfinished)
{
    /// <summary>What to write down of them; null if one could not be known again.</summary>
    public RunSnapshots? Describe(VmBackupPlan plan) => Snapshots.Any(snapshot => snapshot.Reference is null) ? null : new RunSnapshots
    {
        VmId = plan.Vm.Id.ToString(),
        CreatedAt = CreatedAt,
        Consistency = Reached.Level,
        SpreadSeconds = Reached.Spread.TotalSeconds,
        Disks = Snapshots.Select(snapshot => new RunSnapshotDisk(snapshot.Disk.Id, snapshot.Reference!)).ToList(),
    };
}
