using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Engine.Backup;

/// <summary>The backup of one VM, in its steps. Disposing gives everything back that no published point keeps.</summary>
internal sealed class VmBackupRun(BackupTools tools, StackHistory history, VmBackupPlan plan) : IAsyncDisposable
{
    private readonly TransferMeter _meter = new(plan.Vm.Name, "Backing up", tools.Clock, tools.Log);
    private VaultSession? _session;
    private RunJournal? _journal;
    private VmBasis? _basis;
    private SnapshotSet? _snapshots;
    private IReadOnlyDictionary<string, ReadOnlyMemory<byte>> _configuration = new Dictionary<string, ReadOnlyMemory<byte>>();

    public VmBackupPlan Plan => plan;

    private string ItemName => plan.Vm.Id.ToString().ToLowerInvariant();

    /// <summary>When the stack made each snapshot (UTC).</summary>
    public IEnumerable<DateTime> SnapshotTimes => _snapshots!.Snapshots.Select(snapshot => snapshot.CreatedAt);

    /// <summary>Everything that can be done before the guest has to be quiet.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _session = await tools.Vault.BeginSessionAsync($"backup of {plan.Vm.Name}", cancellationToken).ConfigureAwait(false);
        _journal = await BeginRunAsync(_session, cancellationToken).ConfigureAwait(false);
        _basis = await VmBasis.OpenAsync(
            tools.Stack, tools.Vault, history.FindNewest(plan.Vm.Id), plan, tools.Clock, tools.Log, cancellationToken).ConfigureAwait(false);
        await new SnapshotLeftovers(tools.Stack, tools.Vault, tools.Log)
            .RemoveAsync(plan.Vm, plan.Options.Snapshots, _basis.KeptIds, _session.Id, cancellationToken).ConfigureAwait(false);
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
            tools.Stack, plan.Vm, plan.Disks, tools.RunIds.Next(), options, tools.Clock, tools.Log, cancellationToken).ConfigureAwait(false);
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
        var usesReports = UsesReports(history.Report);
        var options = plan.Options with
        {
            ChangeSource = usesReports ? AzsChangeSource.PageRangeDiff : plan.Options.ChangeSource ?? AzsChangeSource.PageRanges,
        };
        var transfer = new DiskTransfer(tools.Budget, options.RequestsInFlight);
        var snapshots = _snapshots!.Snapshots;
        var results = await AllOrNone.RunAsync(
            snapshots,
            (snapshot, cancelled) => new DiskBackup(_session!, snapshot, tools.Vault.Info.ChunkSize, options, tools.Random, tools.Log)
                .RunAsync(_basis!.Find(snapshot.Disk), transfer, _meter, cancelled),
            cancellationToken).ConfigureAwait(false);

        var report = Combine(results.Select(result => result.Report), history.Report);
        var keep = UsesReports(report);
        var disks = results.Zip(snapshots, (result, snapshot) => keep ? result.Disk with { Kept = snapshot.Reference } : result.Disk).ToList();
        var details = new VmPointDetails
        {
            VmName = plan.Vm.Name,
            VmId = plan.Vm.Id.ToString(),
            ResourceGroupName = plan.Vm.Id.ResourceGroupName!,
            Stack = tools.Stack.HostName,
            Consistency = reached.Level,
            SnapshotSpreadSeconds = reached.Spread.TotalSeconds,
            DurationSeconds = _meter.Elapsed.TotalSeconds,
            Policy = plan.Options.Policy,
            ChangeReport = report,
            Disks = disks,
        };
        var header = await PublishAsync(details, results, cancellationToken).ConfigureAwait(false);
        if (keep) _snapshots.Keep();
        _basis!.Replace();
        history.Add(header, details);
        return tools.Catalog.Describe(header, details);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _snapshots, null) is { } snapshots) await snapshots.DisposeAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _basis, null) is { } basis) await basis.DisposeAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _journal, null) is { } journal) await journal.EndAsync(leave: false).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _session, null) is not { } session) return;
        await session.DisposeAsync().ConfigureAwait(false);
        _meter.Finish();
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

    private async Task<PointHeader> PublishAsync(VmPointDetails details, IEnumerable<DiskBackupResult> disks, CancellationToken cancellationToken)
    {
        var draft = new PointDraft
        {
            Source = tools.SourceName,
            Item = ItemName,
            CreatedAt = _snapshots!.CreatedAt,
            Details = details.Write(),
            Streams = disks.Select(disk => disk.Stream).ToList(),
            Documents = _configuration,
        };
        var pointId = await _session!.PublishAsync(draft, cancellationToken).ConfigureAwait(false);

        // The store's time of publishing is not asked for: this point is the newest of its VM for this process either way.
        return new PointHeader { Id = pointId, Source = draft.Source, Item = draft.Item, CreatedAt = draft.CreatedAt, StoredAt = draft.CreatedAt };
    }
}
