namespace AzsBackup.Vault.Jobs;

/// <summary>What became of the wish to begin a run.</summary>
/// <param name="Job">The run, begun; <see langword="null"/> if it did not begin.</param>
/// <param name="Running">The run of the same subject that is under way, and the reason why this one did not begin; else <see langword="null"/>.</param>
public sealed record VaultJobStart(VaultJob? Job, VaultJobRecord? Running);
