namespace AzsBackup.Engine.Policies;

/// <summary>A policy as the vault holds it.</summary>
/// <param name="Policy">What it says.</param>
/// <param name="Version">The number of this version, from 0.</param>
/// <param name="ChangedAt">When this version was made (UTC), by its maker's clock.</param>
public sealed record StoredPolicy(VmBackupPolicy Policy, int Version, DateTime ChangedAt);
