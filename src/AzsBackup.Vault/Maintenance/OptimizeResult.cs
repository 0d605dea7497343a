namespace AzsBackup.Vault.Maintenance;

/// <summary>What optimizing has done.</summary>
public sealed record OptimizeResult
{
    /// <summary>Chunks that no point needs, condemned by this run; a later run deletes them.</summary>
    public long ChunksCondemned { get; init; }

    /// <summary>Their size in the store, in bytes.</summary>
    public long BytesCondemned { get; init; }

    /// <summary>Chunks deleted by this run.</summary>
    public long ChunksDeleted { get; init; }

    /// <summary>Their size in the store, in bytes.</summary>
    public long BytesFreed { get; init; }

    /// <summary>Chunks that were condemned and stay, because a point needs them again.</summary>
    public long ChunksSpared { get; init; }

    /// <summary>Condemned lists whose time has not come: their grace period runs, a session that may not have seen them lives, or another run sweeps them.</summary>
    public int ListsWaiting { get; init; }

    /// <summary>Sessions that were silent for too long and were ended.</summary>
    public int SessionsEnded { get; init; }

    /// <summary>Points that were begun, never published, and are given up now.</summary>
    public int PointsGivenUp { get; init; }

    /// <summary>Points that were removed, their delay having passed.</summary>
    public int PointsRemoved { get; init; }

    /// <summary>Points that shall be removed and whose time has not come, or that are pinned, locked, or the last of their item.</summary>
    public int PointsWaiting { get; init; }

    /// <summary>
    /// How far the time by which points are released lags behind the store's clock. More than a day or so means that a clock
    /// jumped, that clocks disagree, or that there was no run for more than 35 days (<see cref="OptimizeOptions.TrustClock"/>).
    /// </summary>
    public TimeSpan ClockBehind { get; init; }

    /// <summary>Records of verifications that were deleted because newer ones say more.</summary>
    public int RecordsDeleted { get; init; }
}
