namespace AzsBackup.Model;

/// <summary>What <c>Test-AzsVmBackup</c> found at one place of a disk: a partition table, a partition, or a disk without a table.</summary>
public sealed record AzsInspectedVolume
{
    /// <summary>The disk's name on the stack.</summary>
    public required string DiskName { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The partition's number, from 1; null for the partition table, or a disk without one.</summary>
    public int? Partition { get; init; }

    /// <summary>Where it begins on the disk, in bytes.</summary>
    public required long OffsetBytes { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>What it is: <c>GPT</c>, <c>MBR</c>, <c>ext4</c>, <c>NTFS</c>, <c>LUKS2</c>, <c>unknown</c> and so on.</summary>
    public required string Kind { get; init; }

    /// <summary>How it is.</summary>
    public required AzsVolumeState State { get; init; }

    /// <summary>What its owner called it; empty if it has no name.</summary>
    public string Label { get; init; } = "";

    /// <summary>What there is to say; for damage, what is wrong.</summary>
    public string Details { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Partition is { } number ? $"{DiskName} {number}: {Kind} {State}" : $"{DiskName}: {Kind} {State}";
}
