namespace AzsBackup.Engine.Replication;

/// <summary>One disk in a replica's manifest.</summary>
public sealed record ReplicaManifestDisk
{
    /// <summary>The disk's name on the source.</summary>
    public required string Name { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The size the guest sees, in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The page blob's name in the replicas' container.</summary>
    public required string Blob { get; init; }

    /// <summary>The blob snapshot that is the newest point.</summary>
    public required string Snapshot { get; init; }

    /// <summary>Bytes sent in the last cycle.</summary>
    public required long BytesSent { get; init; }
}
