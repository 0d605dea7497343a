using AzsBackup.Engine.Jobs;
using AzsBackup.Vault.Jobs;

namespace AzsBackup.Engine.Policies;

/// <summary>What of a policy's schedule has been dealt with, as its records say.</summary>
/// <param name="UpTo">All times up to this one have been (UTC).</param>
/// <param name="Attempts">How many runs died over what is due now.</param>
internal sealed record PolicyCoverage(DateTime UpTo, int Attempts)
{
    /// <summary>So often a run is tried that died each time; after that, the schedule's next time has to come.</summary>
    private const int MaximumAttempts = 3;

    /// <summary>
    /// A record from the future was made by a clock that was wrong. Believed, it would keep the policy from running until then.
    /// Up to a day, it is believed: so a clock that is put back by hours makes nothing run twice.
    /// </summary>
    private static readonly TimeSpan BelievedFuture = TimeSpan.FromDays(1);

    public static async Task<PolicyCoverage> ReadAsync(VaultJobs jobs, VmBackupPolicy policy, Shard? shard, DateTime now, CancellationToken cancellationToken)
    {
        await foreach (var record in jobs.ListAsync(JobSubjects.Policy(policy.Key, shard?.ToString()), cancellationToken).ConfigureAwait(false))
        {
            if (PolicyRunDetails.TryRead(record.Details) is not { } run || run.UpTo > now + BelievedFuture) continue;
            return record.Died && run.Attempt < MaximumAttempts
                ? new PolicyCoverage(Later(run.From, policy.ScheduledFrom), run.Attempt)
                : new PolicyCoverage(Later(run.UpTo, policy.ScheduledFrom), 0);
        }

        return new PolicyCoverage(policy.ScheduledFrom, 0);
    }

    /// <summary>What is due.</summary>
    public DueRun? FindDue(VmBackupPolicy policy, DateTime now) => DueRun.Find(policy.Schedule, UpTo, now, policy.MissedAfter);

    private static DateTime Later(DateTime one, DateTime other) => one > other ? one : other;
}
