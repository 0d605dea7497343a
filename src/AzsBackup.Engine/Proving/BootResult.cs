namespace AzsBackup.Engine.Proving;

/// <summary>What came of booting a recovery point.</summary>
/// <param name="RecoveryTime">The time from the start of the restore until the VM was up; null if it did not come up.</param>
/// <param name="Failure">Why it did not come up, in one sentence; null if it did.</param>
public sealed record BootResult(TimeSpan? RecoveryTime, string? Failure);
