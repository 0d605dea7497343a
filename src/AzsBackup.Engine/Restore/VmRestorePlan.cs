using AzsBackup.Model;

namespace AzsBackup.Engine.Restore;

/// <summary>What a restore of one recovery point would do.</summary>
/// <param name="Point">The recovery point.</param>
/// <param name="Disks">The disks that would be restored, each with its file.</param>
/// <param name="Options">How.</param>
public sealed record VmRestorePlan(
    AzsVmRecoveryPoint Point, IReadOnlyList<(AzsRecoveryPointDisk Disk, string File)> Disks, VmRestoreOptions Options);
