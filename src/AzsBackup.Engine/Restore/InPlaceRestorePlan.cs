using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Restore;

/// <summary>What a restore in place would do to a VM, and what stands in its way.</summary>
public sealed record InPlaceRestorePlan
{
    /// <summary>The disks that are made, and what else a restore onto a stack is planned with.</summary>
    public required StackRestorePlan Disks { get; init; }

    /// <summary>The VM as it is; as it was captured if it is not there any more.</summary>
    public required CapturedVm Vm { get; init; }

    /// <summary>All its disks now.</summary>
    public required IReadOnlyList<RebuildDisk> Before { get; init; }

    /// <summary>All its disks afterwards.</summary>
    public required IReadOnlyList<RebuildDisk> After { get; init; }

    /// <summary>The VM.</summary>
    public ResourceId VmId => Vm.Vm.Id;

    /// <summary>The disks it loses, which are kept until the restore is completed.</summary>
    public IEnumerable<RebuildDisk> Replaced => Before.Where(disk => After.All(other => other.Place != disk.Place));

    /// <summary>Everything that stands in the way; empty if nothing does.</summary>
    public IReadOnlyList<AzsException> Blockers => Disks.Blockers;
}
