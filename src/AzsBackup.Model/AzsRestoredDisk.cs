namespace AzsBackup.Model;

/// <summary>One disk of a restore.</summary>
public sealed record AzsRestoredDisk
{
    /// <summary>The disk's name when it was backed up.</summary>
    public required string Name { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The size the guest sees, in bytes (without the VHD footer).</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The VHD file written, as a full path; null if a disk was made on a stack.</summary>
    public string? File { get; init; }

    /// <summary>The ARM id of the disk that was made, or the address of its blob; null if a file was written.</summary>
    public string? DiskId { get; init; }

    /// <summary>The disk it stands in for, which is kept until the restore is completed; null if it replaces none.</summary>
    public string? ReplacedDiskId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => File ?? DiskId ?? Name;
}
