using System.Globalization;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Jobs;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>One run of a policy that has begun: its VMs, then its retention.</summary>
internal sealed class PolicyTask(
    IStack stack,
    VmBackup backup,
    VmJobBook book,
    PolicyThinning thinning,
    VmBackupPolicy policy,
    Shard? shard,
    PolicyRunDetails run,
    Func<AzsVmBackupJob, AzsException?, CancellationToken, Task> done,
    IRunLog log)
{
    private readonly object _gate = new();
    private int _vms;
    private int _failed;
    private long _bytesRead;
    private long _bytesStored;

    public async Task<JobResult> RunAsync(IQuiescence quiescence, CancellationToken cancellationToken)
    {
        var selected = await PolicyVms.SelectAsync(stack, policy, shard, cancellationToken).ConfigureAwait(false);
        foreach (var failure in selected.Failures) await TellAsync(FailureOf(failure), failure, cancellationToken).ConfigureAwait(false);
        if (selected.Vms.Count == 0 && selected.Failures.Count == 0) log.Warning($"Policy '{policy.Name}' selects no VM.");
        var vms = new List<ResourceId>();
        foreach (var vm in selected.Vms)
        {
            if (!await IsDoneAsync(vm, cancellationToken).ConfigureAwait(false)) vms.Add(vm);
        }

        if (policy.ConsistencyGroup && vms.Count > 0)
        {
            await BackUpAsync(vms, quiescence, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = policy.ThrottleLimit, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(vms, parallel, async (vm, cancelled) => await BackUpAsync([vm], quiescence, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        }

        var removed = await ThinAsync(cancellationToken).ConfigureAwait(false);
        log.Verbose($"Policy '{policy.Name}': {_vms} VMs, {_failed} failures, {removed} points marked for removal.");
        return new JobResult
        {
            State = _failed == 0 ? AzsVmBackupJobState.Completed : AzsVmBackupJobState.Failed,
            BytesRead = _bytesRead,
            BytesStored = _bytesStored,
            ErrorId = _failed == 0 ? null : "PolicyRunFailed",
            Error = _failed == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{_failed} of its parts failed; see those of its VMs."),
        };
    }

    // A run that died may have done some of them.
    private async Task<bool> IsDoneAsync(ResourceId vm, CancellationToken cancellationToken)
    {
        if (run.Attempt == 1 || run.Occurrence is null) return false;
        return await book.FindNewestAsync(vm, cancellationToken).ConfigureAwait(false) is var (details, result)
            && details.Policy == run.Policy && details.Occurrence == run.Occurrence && result is { State: AzsVmBackupJobState.Completed };
    }

    private async Task BackUpAsync(List<ResourceId> vms, IQuiescence quiescence, CancellationToken cancellationToken)
    {
        var options = new VmBackupOptions { Disks = policy.Disks, Policy = policy.Name };
        var plans = new List<VmBackupPlan>();
        foreach (var vm in vms)
        {
            try
            {
                plans.Add(await backup.PlanAsync(vm, options, cancellationToken).ConfigureAwait(false));
            }
            catch (AzsException failure)
            {
                await FailAsync(vm, failure, cancellationToken).ConfigureAwait(false);
            }
        }

        // A group is of use only as a whole.
        if (plans.Count < vms.Count) return;
        var told = new HashSet<ResourceId>();
        try
        {
            await book.RunAsync(
                backup,
                plans,
                quiescence,
                run,
                (outcome, job, cancelled) =>
                {
                    lock (_gate) told.Add(outcome.Plan.Vm.Id);
                    return TellAsync(job, outcome.Failure, cancelled);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException busy) when (busy.ErrorId == "VmBackupRunning")
        {
            log.Warning($"Policy '{policy.Name}': {busy.Message}");
            foreach (var vm in vms) await done(book.Failed(vm, run, busy), null, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException failure)
        {
            foreach (var vm in vms.Where(vm => !told.Contains(vm)))
            {
                await TellAsync(book.Failed(vm, run, failure), failure, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task FailAsync(ResourceId vm, AzsException failure, CancellationToken cancellationToken) =>
        await TellAsync(await book.FailAsync(vm, run, failure, cancellationToken).ConfigureAwait(false), failure, cancellationToken).ConfigureAwait(false);

    private async Task<int> ThinAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await thinning.RunAsync(policy, shard, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException failure)
        {
            // The points are made; that old ones stay is a failure of its own.
            await TellAsync(FailureOf(failure), failure, cancellationToken).ConfigureAwait(false);
            return 0;
        }
    }

    private AzsVmBackupJob FailureOf(AzsException failure) => new()
    {
        Policy = policy.Name,
        Stack = stack.HostName,
        Shard = run.Shard,
        ScheduledFor = run.Occurrence,
        State = AzsVmBackupJobState.Failed,
        ErrorId = failure.ErrorId,
        Error = failure.Message,
    };

    private Task TellAsync(AzsVmBackupJob job, AzsException? failure, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _vms += job.VmName is null ? 0 : 1;
            _failed += failure is null ? 0 : 1;
            _bytesRead += job.BytesRead;
            _bytesStored += job.BytesStored;
        }

        return done(job, failure, cancellationToken);
    }
}
