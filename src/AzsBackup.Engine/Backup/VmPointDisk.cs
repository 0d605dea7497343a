using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup;

/// <summary>One disk in a recovery point's details.</summary>
public sealed record VmPointDisk
{
    /// <summary>The disk's name on the stack.</summary>
    public required string Name { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The disk's ARM id, or its blob's URI.</summary>
    public required string DiskId { get; init; }

    /// <summary>The size the guest sees, in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>How the run knew what to read.</summary>
    public required AzsChangeSource ChangeSource { get; init; }

    /// <summary>Bytes read from the stack.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Bytes added to the vault.</summary>
    public required long BytesStored { get; init; }

    /// <summary>Bytes not read because an earlier run that died had read them.</summary>
    public long BytesResumed { get; init; }

    /// <summary>The snapshot this point keeps on the stack for the next one; null if none.</summary>
    public KeptSnapshot? Kept { get; init; }
}
