using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Backup;

/// <summary>What a backup of one VM would do.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Disks">The disks that would be read.</param>
/// <param name="Options">How.</param>
public sealed record VmBackupPlan(VmDescription Vm, IReadOnlyList<VmDisk> Disks, VmBackupOptions Options);
