using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;

namespace AzsBackup.Engine.Restore;

/// <summary>How a recovery point is restored onto a stack.</summary>
public sealed record StackRestoreOptions
{
    /// <summary>Where to, and under which names.</summary>
    public required VmMap Map { get; init; }

    /// <summary>Whether only the disks are made, and no VM.</summary>
    public bool DisksOnly { get; init; }

    /// <summary>Which disks.</summary>
    public DiskSelection Disks { get; init; } = DiskSelection.All;

    /// <summary>Whether disks become page blobs in a storage account; null for what they were.</summary>
    public bool? Unmanaged { get; init; }

    /// <summary>The storage account that takes unmanaged disks; null for the one they were in.</summary>
    public string? StorageAccountName { get; init; }

    /// <summary>
    /// The existing resource group that the account is made in through which managed disks are imported, and which is deleted
    /// afterwards; null for a group of its own for each restore.
    /// </summary>
    public string? StagingResourceGroupName { get; init; }

    /// <summary>How many chunks of one disk are read and written at once.</summary>
    public int ChunksInFlight { get; init; } = 8;

    /// <summary>How long cleaning up may take once a run has been cancelled.</summary>
    public TimeSpan CancelledCleanUp { get; init; } = TimeSpan.FromSeconds(4);
}
