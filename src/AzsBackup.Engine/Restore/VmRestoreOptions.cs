using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Restore;

/// <summary>How a recovery point is restored to VHD files.</summary>
public sealed record VmRestoreOptions
{
    /// <summary>The folder, as a full path; made if missing.</summary>
    public required string Path { get; init; }

    /// <summary>Which disks.</summary>
    public DiskSelection Disks { get; init; } = DiskSelection.All;

    /// <summary>Whether files of the same names are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How many runs of neighbouring chunks are read, and written, at once.</summary>
    public int ChunksInFlight { get; init; } = 8;
}
