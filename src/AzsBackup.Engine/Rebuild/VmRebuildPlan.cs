using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>What rebuilding a VM would make, what stands in its way, and what will not be as it was.</summary>
public sealed record VmRebuildPlan
{
    /// <summary>How it is mapped.</summary>
    public required VmMap Map { get; init; }

    /// <summary>The VM on the target.</summary>
    public required ResourceId VmId { get; init; }

    /// <summary>What is made before the VM, in order.</summary>
    public required IReadOnlyList<RebuildStep> Before { get; init; }

    /// <summary>The VM's body, without its disks.</summary>
    public required JsonObject VmBody { get; init; }

    /// <summary>The extensions made when the VM runs, in order.</summary>
    public required IReadOnlyList<RebuildStep> After { get; init; }

    /// <summary>What stands in the way, all of it; empty if nothing does.</summary>
    public required IReadOnlyList<AzsException> Blockers { get; init; }

    /// <summary>What will not be as it was, one sentence each.</summary>
    public required IReadOnlyList<string> Differences { get; init; }
}
