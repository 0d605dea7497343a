namespace AzsBackup.Model;

/// <summary>A disk of a recovery point that this session serves, read-only, to NBD clients on this machine.</summary>
public sealed record AzsVmBackupMount
{
    /// <summary>What NBD clients are given: <c>nbd://127.0.0.1:port/name</c>. Who knows it can read the disk.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The VM's name.</summary>
    public required string VmName { get; init; }

    /// <summary>The disk's name on the stack.</summary>
    public required string DiskName { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The size the guest saw, in bytes: without a VHD footer.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The recovery point.</summary>
    public required AzsVmRecoveryPoint RecoveryPoint { get; init; }

    /// <summary>What could not be read so far, a sentence for each chunk, 1000 at most; grows while the disk is mounted. Clients get an I/O error for such a range.</summary>
    public required IReadOnlyCollection<string> Warnings { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Uri.ToString();
}
