namespace AzsBackup.Model;

/// <summary>What <c>Optimize-AzsBackupVault</c> did.</summary>
public sealed record AzsVaultOptimization
{
    /// <summary>The vault.</summary>
    public required AzsBackupVault Vault { get; init; }

    /// <summary>Recovery points removed, their delay having passed.</summary>
    public required int PointsRemoved { get; init; }

    /// <summary>Recovery points that shall be removed and whose time has not come, or that are pinned, locked or the last of their VM.</summary>
    public required int PointsWaiting { get; init; }

    /// <summary>Chunks deleted.</summary>
    public required long ChunksDeleted { get; init; }

    /// <summary>Bytes freed by that.</summary>
    public required long BytesFreed { get; init; }

    /// <summary>Chunks that no point needs, condemned now: a run after the grace period deletes them.</summary>
    public required long ChunksCondemned { get; init; }

    /// <summary>Their size in bytes.</summary>
    public required long BytesCondemned { get; init; }

    /// <summary>Chunks that were condemned and stay, because a point needs them again.</summary>
    public required long ChunksSpared { get; init; }

    /// <summary>Lists of condemned chunks whose time has not come.</summary>
    public required int ListsWaiting { get; init; }

    /// <summary>Backups that were silent for too long and count as dead.</summary>
    public required int SessionsEnded { get; init; }

    /// <summary>Unfinished points of dead backups that were given up.</summary>
    public required int PointsGivenUp { get; init; }

    /// <summary>How far the time by which points are removed lags behind the clock of the vault's storage.</summary>
    public required TimeSpan ClockBehind { get; init; }

    /// <summary>How long the run took.</summary>
    public required TimeSpan Duration { get; init; }
}
