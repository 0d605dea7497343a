using AzsBackup.Vault.Runs;

namespace AzsBackup.Vault;

/// <summary>What a vault needs of the world besides its store.</summary>
public sealed record VaultRuntime
{
    /// <summary>The real clock and the real generator.</summary>
    public static VaultRuntime System { get; } = new();

    /// <summary>The writer's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where random bytes come from.</summary>
    public RandomSource Random { get; init; } = RandomSource.System;

    /// <summary>The process that writes.</summary>
    public WriterProcess Process { get; init; } = WriterProcess.Current;

    /// <summary>The work a new passphrase slot asks of whoever guesses (FORMAT.md §3). Lower in tests only.</summary>
    internal int PassphraseIterations { get; init; } = 600_000;
}
