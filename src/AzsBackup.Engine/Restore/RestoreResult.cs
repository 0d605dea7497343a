using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Restore;

/// <summary>What a restore onto a stack says of itself.</summary>
internal static class RestoreResult
{
    public static AzsVmRestore Of(StackRestorePlan plan, IStack stack, ResourceId? vm, long sent, TimeSpan duration) => new()
    {
        VmName = plan.Point.VmName,
        RecoveryPointId = plan.Point.Id,
        RecoveryPointTime = plan.Point.CreatedAt,
        Stack = stack.HostName,
        ResourceGroupName = plan.Options.Map.ResourceGroupName,
        VmId = vm?.ToString(),
        Disks = plan.Disks.Select(disk => Describe(disk, null)).ToList(),
        BytesWritten = sent,
        Differences = plan.Differences,
        Duration = duration,
    };

    public static AzsRestoredDisk Describe(PlannedDisk disk, string? replaced) => new()
    {
        Name = disk.Source.Name,
        Lun = disk.Source.Lun,
        SizeBytes = disk.Source.SizeBytes,
        DiskId = disk.Target.Place,
        ReplacedDiskId = replaced,
    };
}
