using AzsBackup.Engine.Backup.Resuming;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Engine.Backup;

/// <summary>
/// The backup of one VM, in its steps. Disposing gives everything back that no published point keeps, and that the next run
/// can't go on from.
/// </summary>
/// <param name="tools">What all backups of a command share.</param>
/// <param name="history">The newest points of the stack's VMs.</param>
/// <param name="plan">What is to be done.</param>
/// <param name="isAlone">Whether no other VM's snapshots have to be of the same moment.</param>
/// <param name="cancellation">The run's token: once it is cancelled, giving back may take but a moment.</param>
internal sealed class VmBackupRun(
    BackupTools tools, StackHistory history, VmBackupPlan plan, bool isAlone, CancellationToken cancellation) : IAsyncDisposable
{
    /// <summary>A run that fails sooner than after this share of its bytes, or this many, leaves nothing: they are soon read again.</summary>
    private const double WorthGoingOn = 0.05;
    private const long FewBytes = 2L * TransferBudget.PieceLength;

    /// <summary>What the vault has to itself of the time for cleaning up after a cancellation.</summary>
    private static readonly TimeSpan VaultCleanUp = TimeSpan.FromSeconds(0.5);

    private readonly TransferMeter _meter = new(plan.Vm.Name, "Backing up", tools.Clock, tools.Log);
    private VaultSession? _session;
    private RunJournal? _journal;
    private VmBasis? _basis;
    private UnfinishedBackup? _unfinished;
    private SnapshotSet? _snapshots;
    private VmConfig _configuration = VmConfig.Nothing;
    private bool _leavesJournal;

    public VmBackupPlan Plan => plan;

    private string ItemName => VmItem.NameOf(plan.Vm.Id);

    /// <summary>When the stack made each snapshot (UTC).</summary>
    public IEnumerable<DateTime> SnapshotTimes => _snapshots!.Snapshots.Select(snapshot => snapshot.CreatedAt);

    /// <summary>What the run writes down for the case that it dies.</summary>
    public RunJournal Journal => _journal!;

    /// <summary>Everything that can be done before the guest has to be quiet.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _session = await tools.Vault.BeginSessionAsync($"backup of {plan.Vm.Name}", cancellationToken).ConfigureAwait(false);
        _journal = await BeginRunAsync(_session, cancellationToken).ConfigureAwait(false);
        // The run's own token: these also look at it when they give back, and that of preparing ends with preparing.
        _basis = await VmBasis.OpenAsync(
            tools.Stack, tools.Vault, history.FindNewest(plan.Vm.Id), plan, tools.Clock, tools.Log, cancellation).ConfigureAwait(false);
        _unfinished = await UnfinishedBackup.OpenAsync(tools, plan, _journal.Unfinished, cancellation).ConfigureAwait(false);
        var kept = _basis.KeptIds.Concat(_unfinished?.SnapshotIds ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        await new SnapshotLeftovers(tools.Stack, tools.Vault, tools.Log)
            .RemoveAsync(plan.Vm, plan.Options.Snapshots, kept, _session.Id, _journal.DeadSessions, cancellationToken).ConfigureAwait(false);
        foreach (var run in _journal.Unfinished.Where(run => run.SessionId != _unfinished?.SessionId && !GuestNote.IsOpen(run))) await run.RemoveAsync().ConfigureAwait(false);
        _configuration = await new VmConfigCollector(tools.Stack.Resources, tools.Log)
            .CollectAsync(plan.Vm.Body, cancellationToken).ConfigureAwait(false);
        var options = plan.Options.Snapshots with
        {
            Tags = new Dictionary<string, string>
            {
                [SnapshotTags.Vault] = tools.Vault.Info.Id.ToString(),
                [SnapshotTags.Session] = _session.Id,
            },
        };
        _snapshots = await SnapshotSet.PrepareAsync(
            tools.Stack, plan.Vm, plan.Disks, tools.RunIds.Next(), options, tools.Clock, tools.Log, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes the snapshots.</summary>
    public async Task MakeSnapshotsAsync(CancellationToken cancellationToken)
    {
        await _snapshots!.MakeAsync(cancellationToken).ConfigureAwait(false);
        tools.Log.Verbose($"Made {_snapshots.Snapshots.Count} snapshots of VM '{plan.Vm.Name}' within {_snapshots.Spread.TotalSeconds:0.0} s.");
    }

    /// <summary>Stores the disks and publishes the point.</summary>
    public async Task<AzsVmRecoveryPoint> FinishAsync(ReachedConsistency reached, CancellationToken cancellationToken)
    {
        var reading = await DecideAsync(reached, cancellationToken).ConfigureAwait(false);
        using var progress = new RunProgress(_journal!, reading.Describe(plan), plan.Options.ProgressBytes);
        try
        {
            var results = await StoreAsync(reading, progress, cancellationToken).ConfigureAwait(false);
            return await PublishAsync(reading, results, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (!await LeaveAsync(reading, progress).ConfigureAwait(false)) throw;
            throw new AzsException(
                failure.Kind,
                failure.ErrorId,
                $"{failure.Message} {progress.BytesRecorded >> 20} MiB of VM '{plan.Vm.Name}' are in the vault already: their snapshots stay in resource group "
                + $"'{plan.Options.Snapshots.ResourceGroupName}' (those of unmanaged disks beside them), and the VM's next backup goes on from there.",
                failure.NextStep,
                failure.Target,
                failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = CleanUpTime.Start(plan.Options.Snapshots.CancelledCleanUp + VaultCleanUp, tools.Clock, cancellation);

        // At once: each may take the whole of the time there is after a cancellation.
        await Task.WhenAll(
            DisposeAsync(Interlocked.Exchange(ref _snapshots, null)),
            DisposeAsync(Interlocked.Exchange(ref _basis, null)),
            DisposeAsync(Interlocked.Exchange(ref _unfinished, null))).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _session, null) is not { } session) return;
        try
        {
            // A vault that does not answer goes on being told behind the user's back; one that is never told takes the session for dead.
            await EndAsync(Interlocked.Exchange(ref _journal, null), session).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            tools.Log.Warning($"The vault did not take in time that the backup of VM '{plan.Vm.Name}' is over: it finds out by itself within the hour.");
        }

        _meter.Finish();
    }

    private static Task DisposeAsync(IAsyncDisposable? held) => held?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    private async Task EndAsync(RunJournal? journal, VaultSession session)
    {
        if (journal is not null) await journal.EndAsync(_leavesJournal).ConfigureAwait(false);
        await session.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<RunJournal> BeginRunAsync(VaultSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await session.BeginRunAsync(tools.SourceName, ItemName, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException busy) when (busy.ErrorId == "ItemBusy")
        {
            throw new AzsException(
                AzsErrorKind.Busy,
                "VmBackupRunning",
                $"VM '{plan.Vm.Name}' is being backed up to this vault already, so it was skipped. {busy.Message}",
                busy.NextStep,
                plan.Vm.Id.ToString(),
                busy);
        }
    }

    /// <summary>Which snapshots to read, and what of them need not be read.</summary>
    private async Task<SnapshotReading> DecideAsync(ReachedConsistency reached, CancellationToken cancellationToken)
    {
        var made = _snapshots!.Snapshots;
        var anew = new SnapshotReading(made, made.Select(_ => TakenOver.Nothing).ToList(), reached, _snapshots.CreatedAt, IsOfUnfinished: false);
        if (_unfinished is null) return anew;
        var resumption = new Resumption(tools, _session!, plan, _unfinished);
        if (UsesReports(history.Report)
            && await resumption.CompareAsync(made, cancellationToken).ConfigureAwait(false) is { } taken)
        {
            Say(taken, "the snapshots made now");
            return anew with { Taken = taken };
        }

        if (!isAlone || await resumption.ContinueAsync(reached.Level, cancellationToken).ConfigureAwait(false) is not var (snapshots, same)) return anew;
        tools.Log.Warning(
            $"The stack does not tell what has changed on the disks of VM '{plan.Vm.Name}' since its last backup broke off, so that one is finished: "
            + $"the recovery point is of {_unfinished.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC. Back the VM up again for its present state.");
        Say(same, "the snapshots of that run");

        // Those made for nothing cost capacity.
        await _snapshots.DisposeAsync().ConfigureAwait(false);
        return new SnapshotReading(snapshots, same, _unfinished.Reached, _unfinished.CreatedAt, IsOfUnfinished: true);

        void Say(IReadOnlyList<TakenOver> of, string from) => tools.Log.Verbose(
            $"The last backup of VM '{plan.Vm.Name}' broke off: {of.Sum(disk => disk.Chunks.Count)} chunks that it had read are not read again; {from} are read for the rest.");
    }

    private Task<DiskBackupResult[]> StoreAsync(SnapshotReading reading, RunProgress progress, CancellationToken cancellationToken)
    {
        var options = plan.Options with
        {
            ChangeSource = UsesReports(history.Report) && !reading.IsOfUnfinished
                ? AzsChangeSource.PageRangeDiff
                : plan.Options.ChangeSource is { } asked and not AzsChangeSource.PageRangeDiff ? asked : AzsChangeSource.PageRanges,
        };
        var transfer = new DiskTransfer(tools.Budget, options.RequestsInFlight);
        return AllOrNone.RunAsync(
            reading.Snapshots.Zip(reading.Taken).Select((disk, stream) => (Snapshot: disk.First, Taken: disk.Second, Stream: stream)),
            (disk, cancelled) => new DiskBackup(_session!, disk.Snapshot, tools.Vault.Info.ChunkSize, options, tools.Random, tools.Log).RunAsync(
                _basis!.Find(disk.Snapshot.Disk), disk.Taken, transfer, _meter, length => progress.Begin(disk.Stream, length), cancelled),
            cancellationToken);
    }

    /// <summary>Leaves what was done for the next run, if it is worth that.</summary>
    private async Task<bool> LeaveAsync(SnapshotReading reading, RunProgress progress)
    {
        await progress.TryFlushAsync().ConfigureAwait(false);
        if (progress.BytesRecorded < Math.Max(FewBytes, progress.BytesExpected * WorthGoingOn)) return false;
        _leavesJournal = true;
        if (!reading.IsOfUnfinished) _snapshots!.Keep();

        // All that the run before this one had read and that is still right is written down by this one.
        _unfinished?.Replace(keepsSnapshots: reading.IsOfUnfinished);
        return true;
    }

    private async Task<AzsVmRecoveryPoint> PublishAsync(SnapshotReading reading, DiskBackupResult[] results, CancellationToken cancellationToken)
    {
        var report = Combine(results.Select(result => result.Report), history.Report);
        var keep = UsesReports(report);
        var disks = results
            .Zip(reading.Snapshots, (result, snapshot) => keep ? result.Disk with { Kept = snapshot.Reference } : result.Disk).ToList();
        var details = new VmPointDetails
        {
            VmName = plan.Vm.Name,
            VmId = plan.Vm.Id.ToString(),
            ResourceGroupName = plan.Vm.Id.ResourceGroupName!,
            Stack = tools.Stack.HostName,
            Consistency = reading.Reached.Level,
            SnapshotSpreadSeconds = reading.Reached.Spread.TotalSeconds,
            DurationSeconds = _meter.Elapsed.TotalSeconds,
            Policy = plan.Options.Policy,
            MissingConfiguration = _configuration.Missing.Count > 0 ? _configuration.Missing : null,
            ChangeReport = report,
            Disks = disks,
        };
        var draft = new PointDraft
        {
            Source = tools.SourceName,
            Item = ItemName,
            CreatedAt = reading.CreatedAt,
            Details = details.Write(),
            Streams = results.Select(disk => disk.Stream).ToList(),
            Documents = _configuration.Documents,
        };
        var pointId = await _session!.PublishAsync(draft, cancellationToken).ConfigureAwait(false);
        if (keep) _snapshots!.Keep();
        _basis!.Replace();
        _unfinished?.Replace(keepsSnapshots: keep && reading.IsOfUnfinished);

        // The store's time of publishing is not asked for: this point is the newest of its VM for this process either way.
        var header = new PointHeader { Id = pointId, Source = draft.Source, Item = draft.Item, CreatedAt = draft.CreatedAt, StoredAt = draft.CreatedAt };
        history.Add(header, details);
        return tools.Catalog.Describe(header, details);
    }

    // A report that was found wanting, or that the stack does not give, is asked for again only if the user says so by name.
    private bool UsesReports(ChangeReport report) => plan.Options.ChangeSource switch
    {
        null => report is ChangeReport.Unknown or ChangeReport.Usable,
        var source => source == AzsChangeSource.PageRangeDiff,
    };

    private static ChangeReport Combine(IEnumerable<ChangeReport> reports, ChangeReport known)
    {
        var learnt = reports.ToHashSet();
        if (learnt.Contains(ChangeReport.Distrusted)) return ChangeReport.Distrusted;
        if (learnt.Contains(ChangeReport.Usable)) return ChangeReport.Usable;
        return learnt.Contains(ChangeReport.NotSupported) ? ChangeReport.NotSupported : known;
    }
}
