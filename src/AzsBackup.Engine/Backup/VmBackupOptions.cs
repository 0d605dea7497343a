using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup;

/// <summary>How a VM is backed up.</summary>
public sealed record VmBackupOptions
{
    /// <summary>Which disks.</summary>
    public DiskSelection Disks { get; init; } = DiskSelection.All;

    /// <summary>
    /// The best change source to use. Null for the best one that this stack is known to be good for; naming
    /// <see cref="AzsChangeSource.PageRangeDiff"/> tries the stack's change reports again after they were found wanting.
    /// </summary>
    public AzsChangeSource? ChangeSource { get; init; }

    /// <summary>
    /// How many bytes that the stack reports as unchanged are read in each run to check what it says, per disk. A report that
    /// leaves out the share f of a disk's used chunks is caught with probability 1 - (1 - f)^n for n chunks in these bytes.
    /// </summary>
    public long SampleBytes { get; init; } = 64L << 20;

    /// <summary>
    /// How many bytes of a disk, at most, are read again when a run was killed besides those in flight: so often it writes down
    /// what is in the vault. Null for a hundredth of the disk, but 8 MiB to 512 MiB.
    /// </summary>
    public long? ProgressBytes { get; init; }

    /// <summary>How snapshots are made.</summary>
    public SnapshotOptions Snapshots { get; init; } = new();

    /// <summary>The policy that asks for it, whose retention will hold for the point; null if a person does.</summary>
    public string? Policy { get; init; }

    /// <summary>How many pieces of one disk are read at once.</summary>
    public int RequestsInFlight { get; init; } = 8;
}
