using AzsBackup.Model;

namespace AzsBackup.Engine.Backup;

/// <summary>How the backup of one VM ended. A point and a failure together: the point is good, but the guest may still be quiet.</summary>
/// <param name="Plan">What was to be done.</param>
/// <param name="Point">The recovery point; null if none was made.</param>
/// <param name="Failure">What went wrong; null if nothing did.</param>
public sealed record VmBackupOutcome(VmBackupPlan Plan, AzsVmRecoveryPoint? Point, AzsException? Failure);
