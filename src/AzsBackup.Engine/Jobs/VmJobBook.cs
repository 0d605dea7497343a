using System.Collections.Concurrent;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Jobs;

namespace AzsBackup.Engine.Jobs;

/// <summary>
/// Backs VMs up and keeps the record of it in the vault. Holds one session, begun with the first record and ended when this is
/// disposed of: it shows that this process lives. Safe for several VMs at once.
/// </summary>
/// <param name="vault">The vault.</param>
/// <param name="stack">Where the VMs run.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what can't be recorded.</param>
public sealed class VmJobBook(BackupVault vault, IStack stack, TimeProvider clock, IRunLog log) : IAsyncDisposable
{
    // A user who wants to be gone is gone in five seconds, with snapshots and grants given back before this.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private VaultSession? _session;

    /// <summary>The records.</summary>
    internal VaultJobs Jobs { get; } = new(vault);

    /// <summary>Backs VMs up, as <see cref="VmBackup.RunAsync"/> does.</summary>
    /// <param name="backup">What backs up.</param>
    /// <param name="plans">The VMs; one, or a group that belongs together.</param>
    /// <param name="quiescence">How they are made quiet.</param>
    /// <param name="done">Told how each ended, as soon as it did; called concurrently.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="AzsException">What the run throws.</exception>
    public Task RunAsync(
        VmBackup backup,
        IReadOnlyList<VmBackupPlan> plans,
        IQuiescence quiescence,
        Func<VmBackupOutcome, CancellationToken, Task> done,
        CancellationToken cancellationToken) =>
        RunAsync(backup, plans, quiescence, null, (outcome, _, cancelled) => done(outcome, cancelled), cancellationToken);

    /// <summary>As the other one, for a policy's run.</summary>
    internal async Task RunAsync(
        VmBackup backup,
        IReadOnlyList<VmBackupPlan> plans,
        IQuiescence quiescence,
        PolicyRunDetails? run,
        Func<VmBackupOutcome, AzsVmBackupJob, CancellationToken, Task> done,
        CancellationToken cancellationToken)
    {
        var open = new ConcurrentDictionary<ResourceId, VmJob>();
        try
        {
            foreach (var plan in plans) open[plan.Vm.Id] = await BeginAsync(plan.Vm.Id, run, cancellationToken).ConfigureAwait(false);
            await backup.RunAsync(
                plans,
                quiescence,
                async (outcome, cancelled) =>
                {
                    open.TryRemove(outcome.Plan.Vm.Id, out var job);
                    await done(outcome, await EndAsync(job!, ResultOf(outcome)).ConfigureAwait(false), cancelled).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            foreach (var job in open.Values) await EndAsync(job, JobResult.Of(failure)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Records a VM that could not even be planned.</summary>
    internal async Task<AzsVmBackupJob> FailAsync(ResourceId vm, PolicyRunDetails? run, AzsException failure, CancellationToken cancellationToken) =>
        await EndAsync(await BeginAsync(vm, run, cancellationToken).ConfigureAwait(false), JobResult.Of(failure)).ConfigureAwait(false);

    /// <summary>A VM's backup that failed and whose record was closed with that already.</summary>
    internal AzsVmBackupJob Failed(ResourceId vm, PolicyRunDetails? run, AzsException failure) => JobView.Of(DetailsOf(vm, run), Now, Now, JobResult.Of(failure), default);

    /// <summary>The newest record of a VM's backup; null if there is none that can be read.</summary>
    internal async Task<(VmJobDetails Details, JobResult? Result)?> FindNewestAsync(ResourceId vm, CancellationToken cancellationToken)
    {
        await foreach (var record in Jobs.ListAsync(JobSubjects.Vm(stack.HostName, vm), cancellationToken).ConfigureAwait(false))
        {
            if (VmJobDetails.TryRead(record.Details) is { } details) return (details, JobResult.TryRead(record.Result));
        }

        return null;
    }

    /// <summary>The session that shows that this process lives.</summary>
    internal async Task<VaultSession> GetSessionAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _session ??= await vault.BeginSessionAsync("backup jobs", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says how something ended, in the moment that is left if it was cancelled. What can't be said is warned of: the backup is what it is.</summary>
    internal async Task EndAsync(VaultJob? job, JobResult result, string subject)
    {
        if (job is null) return;
        using var limit = result.State == AzsVmBackupJobState.Stopped ? new CancellationTokenSource(LastWord, clock) : new CancellationTokenSource();
        try
        {
            await job.EndAsync(JobJson.Write(result), limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is AzsException or OperationCanceledException)
        {
            log.Warning($"How the job of {subject} ended could not be recorded: {CleanUpTime.ReasonOf(failure)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private static JobResult ResultOf(VmBackupOutcome outcome)
    {
        var result = outcome.Failure is null ? new JobResult { State = AzsVmBackupJobState.Completed } : JobResult.Of(outcome.Failure);
        return outcome.Point is not { } point ? result : result with { PointId = point.Id, BytesRead = point.BytesRead, BytesStored = point.BytesStored };
    }

    private VmJobDetails DetailsOf(ResourceId vm, PolicyRunDetails? run) => new()
    {
        VmName = vm.Name,
        VmId = vm.ToString(),
        Stack = stack.HostName,
        Policy = run?.Policy,
        Shard = run?.Shard,
        Occurrence = run?.Occurrence,
    };

    private async Task<VmJob> BeginAsync(ResourceId vm, PolicyRunDetails? run, CancellationToken cancellationToken)
    {
        var details = DetailsOf(vm, run);
        var session = await GetSessionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var record = await Jobs.BeginAsync(session, JobSubjects.Vm(stack.HostName, vm), JobJson.Write(details), cancellationToken).ConfigureAwait(false);
            return new VmJob(details, record, Now);
        }
        catch (AzsException damaged) when (damaged.Kind == AzsErrorKind.DataDamaged)
        {
            log.Warning($"The backup of VM '{vm.Name}' is not recorded: {damaged.Message} {damaged.NextStep}");
            return new VmJob(details, null, Now);
        }
    }

    private async Task<AzsVmBackupJob> EndAsync(VmJob job, JobResult result)
    {
        await EndAsync(job.Record, result, $"VM '{job.Details.VmName}'").ConfigureAwait(false);
        return JobView.Of(job.Details, job.StartedAt, Now, result, default);
    }

    private sealed record VmJob(VmJobDetails Details, VaultJob? Record, DateTime StartedAt);
}
