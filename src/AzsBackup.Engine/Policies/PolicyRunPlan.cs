using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Policies;

/// <summary>What running a policy now would do.</summary>
/// <param name="Due">The time it would be for; null if nothing is due.</param>
/// <param name="Vms">The VMs it would back up; none if nothing is due and it is not forced.</param>
/// <param name="Failures">What there is to say of subscriptions that could not be listed.</param>
/// <param name="Removals">The points that its retention would mark for removal, before what the run adds.</param>
public sealed record PolicyRunPlan(
    DueRun? Due, IReadOnlyList<ResourceId> Vms, IReadOnlyList<AzsException> Failures, IReadOnlyList<PointHeader> Removals);
