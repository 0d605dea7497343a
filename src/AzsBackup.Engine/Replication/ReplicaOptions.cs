using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Replication;

/// <summary>How a VM is replicated.</summary>
public sealed record ReplicaOptions
{
    /// <summary>The resource group on the target that holds the replica's storage account; made if missing.</summary>
    public string DestinationResourceGroupName { get; init; } = "azsbackup-replicas";

    /// <summary>How the source's snapshots are made.</summary>
    public SnapshotOptions Snapshots { get; init; } = new();

    /// <summary>How many pieces of one disk are read and written at once.</summary>
    public int RequestsInFlight { get; init; } = 8;

    /// <summary>Whether source and target may be one stack: a replica that dies with its source.</summary>
    public bool AllowSameStack { get; init; }
}
