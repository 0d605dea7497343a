namespace AzsBackup.Model;

/// <summary>One disk of a replica.</summary>
public sealed record AzsReplicaDisk
{
    /// <summary>The disk's name on the source.</summary>
    public required string Name { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The size the guest sees, in bytes (without the VHD footer).</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The page blob on the target, without any SAS.</summary>
    public required Uri BlobUri { get; init; }

    /// <summary>The blob snapshot that is the newest point.</summary>
    public required string BlobSnapshot { get; init; }

    /// <summary>Bytes sent to the target in the last cycle.</summary>
    public required long BytesSent { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Lun is { } lun ? $"{Name} (lun {lun})" : $"{Name} (os)";
}
