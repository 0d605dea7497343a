namespace AzsBackup.Model;

/// <summary>A VM's disks and configuration kept on a target stack.</summary>
public sealed record AzsStackReplica
{
    /// <summary>The replica's id, unique on its target.</summary>
    public required string Id { get; init; }

    /// <summary>The VM's name.</summary>
    public required string VmName { get; init; }

    /// <summary>The VM's ARM id on the source.</summary>
    public required string SourceVmId { get; init; }

    /// <summary>The host name of the source stack's Resource Manager endpoint.</summary>
    public required string Source { get; init; }

    /// <summary>The host name of the target stack's Resource Manager endpoint.</summary>
    public required string Destination { get; init; }

    /// <summary>The resource group on the target that holds the replica's storage account.</summary>
    public required string DestinationResourceGroupName { get; init; }

    /// <summary>The storage account on the target.</summary>
    public required string StorageAccountName { get; init; }

    /// <summary>When the newest usable point's snapshots were made on the source (UTC); null if there is none.</summary>
    public DateTime? LastPoint { get; init; }

    /// <summary>How much work a disaster now would lose: the age of <see cref="LastPoint"/> when this object was emitted.</summary>
    public TimeSpan? Rpo { get; init; }

    /// <summary>Its state in one word.</summary>
    public required AzsReplicaHealth Health { get; init; }

    /// <summary>Why, for anything but <see cref="AzsReplicaHealth.Healthy"/>.</summary>
    public string? HealthReason { get; init; }

    /// <summary>The disks: the OS disk first, then by LUN.</summary>
    public required IReadOnlyList<AzsReplicaDisk> Disks { get; init; }

    /// <summary>The sum of the disks' sizes, in bytes.</summary>
    public long SizeBytes => Disks.Sum(disk => disk.SizeBytes);

    /// <summary>Bytes sent to the target in the last cycle.</summary>
    public required long BytesSent { get; init; }

    /// <summary>How long the last cycle took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{VmName} on {Destination}";
}
