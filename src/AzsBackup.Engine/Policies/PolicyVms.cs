using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>The VMs that a policy selects, as the stack has them now.</summary>
/// <param name="Vms">Their ids, by name.</param>
/// <param name="Failures">What there is to say of subscriptions that could not be listed.</param>
public sealed record PolicyVms(IReadOnlyList<ResourceId> Vms, IReadOnlyList<AzsException> Failures)
{
    /// <summary>Asks the stack.</summary>
    public static async Task<PolicyVms> SelectAsync(IStack stack, VmBackupPolicy policy, Shard? shard, CancellationToken cancellationToken)
    {
        var own = stack.Connection.SubscriptionId;
        var rules = policy.Select.Select(rule => rule.SubscriptionId.Count > 0 ? rule : rule with { SubscriptionId = [own] }).ToList();
        var vms = new Dictionary<ResourceId, ResourceBody>();
        var failures = new List<AzsException>();
        foreach (var subscription in rules.SelectMany(rule => rule.SubscriptionId).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            try
            {
                var listed = stack.Resources.ListAsync($"/subscriptions/{subscription}/providers/{VmScope.VmType}", VmScope.VmType, cancellationToken);
                await foreach (var vm in listed.ConfigureAwait(false)) vms.TryAdd(vm.Id, vm);
            }
            catch (AzsException failure)
            {
                failures.Add(failure);
            }
        }

        var selected = vms.Values
            .Where(vm => rules.Exists(rule => rule.Fits(vm)) && !policy.Exclude.Any(rule => rule.Fits(vm)) && (shard is null || shard.Contains(vm.Id)))
            .Select(vm => vm.Id)
            .OrderBy(vm => vm.Name, StringComparer.OrdinalIgnoreCase).ThenBy(vm => vm.ToString(), StringComparer.OrdinalIgnoreCase);
        return new PolicyVms([.. selected], failures);
    }
}
