using AzsBackup.Engine.Jobs;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Jobs;

namespace AzsBackup.Engine.Policies;

/// <summary>How policies stand: what they say, when they ran, when they are due.</summary>
/// <param name="vault">The vault.</param>
/// <param name="description">What the user sees of it.</param>
/// <param name="clock">The time.</param>
public sealed class PolicyBoard(BackupVault vault, AzsBackupVault description, TimeProvider clock)
{
    private readonly VaultJobs _jobs = new(vault);
    private readonly ShardLayout _layout = new(vault);

    /// <summary>Describes a policy as it stands now.</summary>
    public async Task<AzsVmBackupPolicy> DescribeAsync(StoredPolicy stored, CancellationToken cancellationToken)
    {
        var policy = stored.Policy;
        var view = Describe(stored);
        try
        {
            policy.Validate();
            var shards = await _layout.ReadAsync(policy.Key, cancellationToken).ConfigureAwait(false);
            var standings = new List<Standing>();
            foreach (var shard in shards) standings.Add(await ReadAsync(policy, shard, cancellationToken).ConfigureAwait(false));
            var last = standings.Where(standing => standing.BegunAt is not null).MaxBy(standing => standing.BegunAt);
            var worst = standings.MaxBy(standing => Severity(standing.State))!;
            return view with
            {
                State = policy.Enabled ? worst.State : AzsVmBackupPolicyState.Disabled,
                LastRun = last?.BegunAt,
                LastRunState = last?.RunState,
                NextRun = policy.Enabled ? standings.Min(standing => standing.NextRun) : null,
                LastError = worst.Error ?? last?.Error,
            };
        }
        catch (AzsException failure) when (failure.ErrorId is "PolicyInvalid" or "TimeZoneUnknown")
        {
            return view with { State = AzsVmBackupPolicyState.Damaged, LastError = failure.Message };
        }
    }

    private static int Severity(AzsVmBackupPolicyState state) => state switch
    {
        AzsVmBackupPolicyState.Missed => 3,
        AzsVmBackupPolicyState.Failed => 2,
        AzsVmBackupPolicyState.Running => 1,
        _ => 0,
    };

    private async Task<Standing> ReadAsync(VmBackupPolicy policy, Shard? shard, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var coverage = await PolicyCoverage.ReadAsync(_jobs, policy, shard, now, cancellationToken).ConfigureAwait(false);
        AzsVmBackupJob? newest = null;
        await foreach (var record in _jobs.ListAsync(JobSubjects.Policy(policy.Key, shard?.ToString()), cancellationToken).ConfigureAwait(false))
        {
            newest = JobView.Of(record).LastOrDefault();
            if (newest is not null) break;
        }

        var due = coverage.FindDue(policy, now);
        var late = due is { Missed: > 0 };
        var state = newest?.State switch
        {
            AzsVmBackupJobState.Running => AzsVmBackupPolicyState.Running,
            _ when late => AzsVmBackupPolicyState.Missed,
            AzsVmBackupJobState.Failed or AzsVmBackupJobState.Died or AzsVmBackupJobState.Stopped => AzsVmBackupPolicyState.Failed,
            _ => AzsVmBackupPolicyState.Healthy,
        };
        var next = due?.Occurrence ?? new ScheduleCalendar(policy.Schedule).Next(coverage.UpTo > now ? coverage.UpTo : now);
        var error = state == AzsVmBackupPolicyState.Missed ? $"{due!.Missed} runs were due since {due.FirstMissed:yyyy-MM-dd HH:mm} UTC and nobody has run them." : newest?.Error;
        return new Standing(state, newest?.StartedAt, newest?.State, next, error);
    }

    private AzsVmBackupPolicy Describe(StoredPolicy stored)
    {
        var policy = stored.Policy;
        return new AzsVmBackupPolicy
        {
            Name = policy.Name,
            Version = stored.Version,
            ChangedAt = stored.ChangedAt,
            Enabled = policy.Enabled,
            Stack = policy.Stack,
            Select = [.. policy.Select.Select(rule => rule.Describe())],
            Exclude = [.. policy.Exclude.Select(rule => rule.Describe())],
            Frequency = policy.Schedule.Frequency,
            Schedule = policy.Schedule.Describe(),
            TimeZone = policy.Schedule.TimeZone,
            KeepLast = policy.Retention.Last,
            KeepHourly = policy.Retention.Hourly,
            KeepDaily = policy.Retention.Daily,
            KeepWeekly = policy.Retention.Weekly,
            KeepMonthly = policy.Retention.Monthly,
            KeepYearly = policy.Retention.Yearly,
            RemovalDelayDays = policy.RemovalDelayDays,
            Consistency = policy.Consistency,
            PreSnapshotPath = policy.PreSnapshotPath,
            PostSnapshotPath = policy.PostSnapshotPath,
            QuiesceLimit = policy.QuiesceLimitSeconds,
            ConsistencyGroup = policy.ConsistencyGroup,
            IncludeDisk = policy.IncludeDisk,
            ExcludeDisk = policy.ExcludeDisk,
            ThrottleLimit = policy.ThrottleLimit,
            MissedAfter = policy.MissedAfter,
            State = policy.Enabled ? AzsVmBackupPolicyState.Healthy : AzsVmBackupPolicyState.Disabled,
            Vault = description,
        };
    }

    private sealed record Standing(AzsVmBackupPolicyState State, DateTime? BegunAt, AzsVmBackupJobState? RunState, DateTime NextRun, string? Error);
}
