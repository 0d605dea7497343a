using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Retention;

namespace AzsBackup.Engine.Policies;

/// <summary>Applies a policy's retention to the points that this policy made, and to no others.</summary>
/// <param name="vault">The vault.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what stays against the policy's will.</param>
internal sealed class PolicyThinning(BackupVault vault, TimeProvider clock, IRunLog log)
{
    /// <summary>The points that may go. Changes nothing.</summary>
    public async Task<IReadOnlyList<PointHeader>> FindAsync(VmBackupPolicy policy, Shard? shard, CancellationToken cancellationToken)
    {
        if (policy.Retention.IsEmpty()) return [];
        var points = new List<PointHeader>();
        await foreach (var point in vault.ListPointsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (VmPointDetails.Read(point) is { Policy: { } maker } details
                && VmBackupPolicy.KeyOf(maker) == policy.Key
                && details.Stack.Equals(policy.Stack, StringComparison.OrdinalIgnoreCase)
                && (shard is null || (ResourceId.TryParse(details.VmId, out var vm) && shard.Contains(vm))))
            {
                points.Add(point);
            }
        }

        var decided = VaultRetention.Decide(points, policy.Retention.ToVault(policy.Schedule.Zone), clock.GetUtcNow().UtcDateTime);
        return [.. decided.Where(decision => !decision.Decision.Keep).Select(decision => decision.Point)];
    }

    /// <summary>Marks the points that may go for removal.</summary>
    /// <returns>How many were.</returns>
    public async Task<int> RunAsync(VmBackupPolicy policy, Shard? shard, CancellationToken cancellationToken)
    {
        var removal = new PointRemoval(vault);
        var removed = 0;
        foreach (var point in await FindAsync(policy, shard, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await removal.RequestAsync(point.Id, TimeSpan.FromDays(policy.RemovalDelayDays), byRetention: true, cancellationToken).ConfigureAwait(false);
                removed++;
            }
            catch (AzsException stays) when (stays.ErrorId is "PointPinned" or "PointLocked" or "PointBeingRemoved" or "PointNotFound")
            {
                // Pinned, locked or removed by somebody in this moment.
                log.Verbose(stays.Message);
            }
        }

        return removed;
    }
}
