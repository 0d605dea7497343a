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

    /// <summary>The VHD file written, as a full path.</summary>
    public required string File { get; init; }

    /// <inheritdoc/>
    public override string ToString() => File;
}
