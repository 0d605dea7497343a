namespace AzsBackup.Vault.Copying;

/// <summary>What to copy, and how.</summary>
public sealed record VaultCopyOptions
{
    /// <summary>Which points; all if <see langword="null"/>.</summary>
    public Func<PointHeader, bool>? Filter { get; init; }

    /// <summary>How many chunks are on their way at a time; each holds up to three times the chunk size in memory.</summary>
    public int ChunksInFlight { get; init; } = 8;

    /// <summary>Told where the copy stands, from any thread; should return at once.</summary>
    public IProgress<VaultCopyProgress>? Progress { get; init; }
}
