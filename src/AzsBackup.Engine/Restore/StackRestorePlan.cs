using AzsBackup.Engine.Rebuild;
using AzsBackup.Model;

namespace AzsBackup.Engine.Restore;

/// <summary>What a restore of one recovery point onto a stack would make, and what stands in its way.</summary>
public sealed record StackRestorePlan
{
    /// <summary>The recovery point.</summary>
    public required AzsVmRecoveryPoint Point { get; init; }

    /// <summary>How it is restored.</summary>
    public required StackRestoreOptions Options { get; init; }

    /// <summary>The VM as it was captured; null if it was not, or if only disks are made.</summary>
    public CapturedVm? Captured { get; init; }

    /// <summary>The disks, in the point's order.</summary>
    public required IReadOnlyList<PlannedDisk> Disks { get; init; }

    /// <summary>How the VM is made; null if only disks are.</summary>
    public VmRebuildPlan? Rebuild { get; init; }

    /// <summary>Everything that stands in the way; empty if nothing does.</summary>
    public required IReadOnlyList<AzsException> Blockers { get; init; }

    /// <summary>What will not be as it was, one sentence each.</summary>
    public required IReadOnlyList<string> Differences { get; init; }
}
