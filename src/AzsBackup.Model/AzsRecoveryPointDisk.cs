namespace AzsBackup.Model;

/// <summary>One disk of a recovery point.</summary>
public sealed record AzsRecoveryPointDisk
{
    /// <summary>The disk's name on the stack.</summary>
    public required string Name { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The size the guest sees, in bytes (without the VHD footer).</summary>
    public required long SizeBytes { get; init; }

    /// <summary>How the run knew what to read.</summary>
    public required AzsChangeSource ChangeSource { get; init; }

    /// <summary>Bytes read from the stack for this disk.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Bytes added to the vault for this disk, compressed and sealed.</summary>
    public required long BytesStored { get; init; }

    /// <summary>The disk's ARM id when it was backed up.</summary>
    public string? DiskId { get; init; }

    /// <summary>
    /// The snapshot this point keeps on the stack until the VM's next backup into the same vault deletes it: an ARM id, or the
    /// name of a blob's snapshot. Null if it keeps none.
    /// </summary>
    public string? KeptSnapshotId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Lun is { } lun ? $"{Name} (lun {lun})" : $"{Name} (os)";
}
