namespace AzsBackup.Model;

/// <summary>A finished restore of one recovery point. Every chunk was authenticated and hashed on the way.</summary>
public sealed record AzsVmRestore
{
    /// <summary>The VM's name when it was backed up.</summary>
    public required string VmName { get; init; }

    /// <summary>The recovery point restored.</summary>
    public required string RecoveryPointId { get; init; }

    /// <summary>When the point was made (UTC).</summary>
    public required DateTime RecoveryPointTime { get; init; }

    /// <summary>The folder the files were written to, as a full path.</summary>
    public required string Path { get; init; }

    /// <summary>What was restored: the OS disk first, then by LUN.</summary>
    public required IReadOnlyList<AzsRestoredDisk> Disks { get; init; }

    /// <summary>The sum of the disks' sizes, in bytes.</summary>
    public long SizeBytes => Disks.Sum(disk => disk.SizeBytes);

    /// <summary>Bytes written; ranges of zeros are left as holes and don't count.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
