using AzsBackup.Model;

namespace AzsBackup.Engine.Backup;

/// <summary>What the snapshots of a run are consistent with.</summary>
/// <param name="Level">The level reached.</param>
/// <param name="Spread">The time between the first and the last snapshot of all VMs made together.</param>
internal sealed record ReachedConsistency(AzsConsistency Level, TimeSpan Spread);
