using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Jobs;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Policies;

/// <summary>Runs the policies of one stack in one vault: what is due, once, however late. One runs at a time of each policy, or of each share of it.</summary>
/// <param name="stack">Where the VMs run.</param>
/// <param name="vault">Where policies, records and points are.</param>
/// <param name="backup">What backs VMs up.</param>
/// <param name="book">Keeps the records.</param>
/// <param name="quiesce">How a policy's VMs are made quiet.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what is going on.</param>
public sealed class PolicyRunner(
    IStack stack, BackupVault vault, VmBackup backup, VmJobBook book, Func<VmBackupPolicy, IQuiescence> quiesce, TimeProvider clock, IRunLog log)
{
    private readonly PolicyThinning _thinning = new(vault, clock, log);

    /// <summary>Whether a run would do anything now. Changes nothing, and asks no stack.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="shard">The share of its VMs; null for all.</param>
    /// <param name="force">Whether it is run though nothing is due.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    public async Task<bool> IsDueAsync(VmBackupPolicy policy, Shard? shard, bool force, CancellationToken cancellationToken)
    {
        policy.Validate();
        return await DecideAsync(policy, shard, force, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Says what a run would do. Changes nothing.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="shard">The share of its VMs; null for all.</param>
    /// <param name="force">Whether it is run though nothing is due.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    public async Task<PolicyRunPlan> PlanAsync(VmBackupPolicy policy, Shard? shard, bool force, CancellationToken cancellationToken)
    {
        policy.Validate();
        var coverage = await PolicyCoverage.ReadAsync(book.Jobs, policy, shard, Now, cancellationToken).ConfigureAwait(false);
        var due = coverage.FindDue(policy, Now);
        if (due is null && !force) return new PolicyRunPlan(null, [], [], []);
        var selected = await PolicyVms.SelectAsync(stack, policy, shard, cancellationToken).ConfigureAwait(false);
        var removals = await _thinning.FindAsync(policy, shard, cancellationToken).ConfigureAwait(false);
        return new PolicyRunPlan(due, selected.Vms, selected.Failures, removals);
    }

    /// <summary>
    /// Runs a policy if it is due: backs its VMs up, one that fails not stopping the others, applies its retention, and keeps
    /// the record of it.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="shard">The share of its VMs; null for all.</param>
    /// <param name="force">Whether it is run though nothing is due.</param>
    /// <param name="done">Told of each VM as soon as it is done, of times that were missed, and of what failed; called concurrently.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The run as a whole; null if nothing was due, or somebody else is at it, which a warning says.</returns>
    /// <exception cref="AzsException"><c>PolicyInvalid</c>, <c>TimeZoneUnknown</c>, or a failure of the vault's store.</exception>
    public async Task<AzsVmBackupJob?> RunAsync(
        VmBackupPolicy policy, Shard? shard, bool force, Func<AzsVmBackupJob, AzsException?, CancellationToken, Task> done, CancellationToken cancellationToken)
    {
        policy.Validate();

        // Most calls find nothing due: they leave no trace.
        if (await DecideAsync(policy, shard, force, cancellationToken).ConfigureAwait(false) is null) return null;
        var session = await book.GetSessionAsync(cancellationToken).ConfigureAwait(false);
        PolicyRunDetails? details = null;
        var start = await book.Jobs.TryBeginAsync(
            session,
            JobSubjects.Policy(policy.Key, shard?.ToString()),
            async cancelled => (details = await DecideAsync(policy, shard, force, cancelled).ConfigureAwait(false)) is null ? null : JobJson.Write(details),
            cancellationToken).ConfigureAwait(false);
        if (start.Running is { } other) log.Warning($"Policy '{policy.Name}' is being run elsewhere, since {other.BegunAt:yyyy-MM-dd HH:mm:ss} UTC; it was left alone.");
        if (start.Job is null || details is null) return null;

        var startedAt = Now;
        JobResult result;
        try
        {
            await new ShardLayout(vault).SayAsync(policy.Key, shard, cancellationToken).ConfigureAwait(false);
            if (JobView.MissedOf(details) is { } missed)
            {
                log.Warning($"Policy '{policy.Name}': {missed.Error}");
                await done(missed, null, cancellationToken).ConfigureAwait(false);
            }

            result = await new PolicyTask(stack, backup, book, _thinning, policy, shard, details, done, log).RunAsync(quiesce(policy), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await book.EndAsync(start.Job, JobResult.Of(failure), $"policy '{policy.Name}'").ConfigureAwait(false);
            throw;
        }

        await book.EndAsync(start.Job, result, $"policy '{policy.Name}'").ConfigureAwait(false);
        return JobView.Of(details, startedAt, Now, result, default);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private async Task<PolicyRunDetails?> DecideAsync(VmBackupPolicy policy, Shard? shard, bool force, CancellationToken cancellationToken)
    {
        var coverage = await PolicyCoverage.ReadAsync(book.Jobs, policy, shard, Now, cancellationToken).ConfigureAwait(false);
        var due = coverage.FindDue(policy, Now);
        if (due is null && !force) return null;
        return new PolicyRunDetails
        {
            Policy = policy.Name,
            Stack = stack.HostName,
            Shard = shard?.ToString(),
            From = coverage.UpTo,
            UpTo = due?.Occurrence ?? coverage.UpTo,
            Occurrence = due?.Occurrence,
            Attempt = coverage.Attempts + 1,
            Missed = due?.Missed ?? 0,
            FirstMissed = due?.FirstMissed,
            LastMissed = due?.LastMissed,
        };
    }
}
