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

    /// <summary>The folder the files were written to, as a full path; null if it was restored onto a stack.</summary>
    public string? Path { get; init; }

    /// <summary>The host name of the stack it was restored onto; null if it was restored to files.</summary>
    public string? Stack { get; init; }

    /// <summary>The resource group it was restored to; null if it was restored to files.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>The ARM id of the VM that was made or whose disks were replaced; null if only disks or files were made.</summary>
    public string? VmId { get; init; }

    /// <summary>Where it went, for people: a folder, or a stack with resource group and VM.</summary>
    public string Destination => Path ?? $"{Stack}, {ResourceGroupName}{(VmId is null ? "" : "/" + VmId[(VmId.LastIndexOf('/') + 1)..])}";

    /// <summary>What is not as it was when the point was made, one sentence each.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>What was restored: the OS disk first, then by LUN.</summary>
    public required IReadOnlyList<AzsRestoredDisk> Disks { get; init; }

    /// <summary>The sum of the disks' sizes, in bytes.</summary>
    public long SizeBytes => Disks.Sum(disk => disk.SizeBytes);

    /// <summary>Bytes written; ranges of zeros are left as holes and don't count.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
