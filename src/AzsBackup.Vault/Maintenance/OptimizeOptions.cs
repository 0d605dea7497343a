namespace AzsBackup.Vault.Maintenance;

/// <summary>How patient optimizing is. Both times are by the store's clock; a wrong clock makes it too slow or too quick, never unsafe (FORMAT.md §9).</summary>
public sealed record OptimizeOptions
{
    /// <summary>How long chunks that no point needs stay after they were condemned: so long, a restore of a point that was just removed can end. Not negative.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromDays(3);

    /// <summary>After how much silence a session counts as dead; it can't publish any more then. A live session beats every ten minutes.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether the clocks of this machine and of the store are known to be right: then the vault's own clock, which lags behind
    /// after months without a run, is set by the store's. Points that became due in the meantime are removed.
    /// </summary>
    public bool TrustClock { get; init; }

    /// <summary>How long records of runs are kept, by the store's clock; the two newest of each subject always stay. Not negative.</summary>
    public TimeSpan JobHistory { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many requests may be under way at once; 1 or more.</summary>
    public int RequestsInFlight { get; init; } = 16;

    /// <summary>How many entries a condemned list may have.</summary>
    internal int EntriesPerList { get; init; } = 1 << 14;
}
