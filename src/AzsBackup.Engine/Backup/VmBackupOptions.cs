using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup;

/// <summary>How a VM is backed up.</summary>
public sealed record VmBackupOptions
{
    /// <summary>Which disks.</summary>
    public DiskSelection Disks { get; init; } = DiskSelection.All;

    /// <summary>The consistency asked for.</summary>
    public AzsConsistency Consistency { get; init; } = AzsConsistency.Crash;

    /// <summary>How snapshots are made.</summary>
    public SnapshotOptions Snapshots { get; init; } = new();

    /// <summary>How many pieces of one disk are read at once.</summary>
    public int RequestsInFlight { get; init; } = 8;
}
