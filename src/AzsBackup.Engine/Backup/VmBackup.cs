using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>Backs VMs of one stack up to one vault. Safe for several VMs at once.</summary>
/// <param name="stack">Where the VMs run.</param>
/// <param name="vault">Where the points go.</param>
/// <param name="catalog">Describes the points made.</param>
/// <param name="budget">The memory all transfers share.</param>
/// <param name="clock">The time.</param>
/// <param name="runIds">Names for snapshots.</param>
/// <param name="random">Chooses the samples.</param>
/// <param name="log">Told what is going on.</param>
public sealed class VmBackup(
    IStack stack,
    BackupVault vault,
    VmPointCatalog catalog,
    TransferBudget budget,
    TimeProvider clock,
    IRunIdSource runIds,
    IRandomNumbers random,
    IRunLog log) : IDisposable
{
    private readonly SemaphoreSlim _historyTurn = new(1, 1);
    private StackHistory? _history;

    /// <summary>Looks at the VM and says what a backup would do. Changes nothing.</summary>
    /// <exception cref="AzsException">The VM is not there, or can't be backed up as asked.</exception>
    public async Task<VmBackupPlan> PlanAsync(ResourceId vmId, VmBackupOptions options, CancellationToken cancellationToken)
    {
        if (options.Consistency != AzsConsistency.Crash)
        {
            throw new AzsException(
                AzsErrorKind.NotSupported,
                "ConsistencyNotSupported",
                $"This version makes crash-consistent backups only, not '{options.Consistency}' ones.",
                "Leave -Consistency out, or stop the VM first: the snapshots of a stopped VM are consistent with its shutdown.",
                vmId.ToString());
        }

        var vm = await VmDescription.ReadAsync(stack, vmId, cancellationToken).ConfigureAwait(false);
        return new VmBackupPlan(vm, options.Disks.Choose(vm.Name, vm.Disks, disk => (disk.Name, disk.Lun)), options);
    }

    /// <summary>
    /// Makes a recovery point. If it is made, its snapshots stay on the stack where they help the next run, and those of the
    /// point before are deleted; if not, the snapshots made for it are given back, whatever happened.
    /// </summary>
    public async Task<AzsVmRecoveryPoint> RunAsync(VmBackupPlan plan, CancellationToken cancellationToken)
    {
        var meter = new TransferMeter(plan.Vm.Name, "Backing up", clock, log);
        try
        {
            var session = await vault.BeginSessionAsync($"backup of {plan.Vm.Name}", cancellationToken).ConfigureAwait(false);
            await using var open = session.ConfigureAwait(false);
            var history = await LoadHistoryAsync(cancellationToken).ConfigureAwait(false);
            var basis = await VmBasis.OpenAsync(
                stack, vault, history.FindNewest(plan.Vm.Id), plan, clock, log, cancellationToken).ConfigureAwait(false);
            await using var openBasis = basis.ConfigureAwait(false);
            await new SnapshotLeftovers(stack, vault, log)
                .RemoveAsync(plan.Vm, plan.Options.Snapshots, basis.KeptIds, session.Id, cancellationToken).ConfigureAwait(false);
            return await RunAsync(plan, session, history, basis, meter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            meter.Finish();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _historyTurn.Dispose();

    private async Task<AzsVmRecoveryPoint> RunAsync(
        VmBackupPlan plan, VaultSession session, StackHistory history, VmBasis basis, TransferMeter meter, CancellationToken cancellationToken)
    {
        var configuration = await new VmConfigCollector(stack.Resources, log)
            .CollectAsync(plan.Vm.Body, cancellationToken).ConfigureAwait(false);
        var snapshots = await SnapshotSet.CreateAsync(
            stack, plan.Vm, plan.Disks, runIds.Next(), TagFor(plan.Options.Snapshots, session), clock, log, cancellationToken).ConfigureAwait(false);
        await using var held = snapshots.ConfigureAwait(false);
        log.Verbose($"Made {snapshots.Snapshots.Count} snapshots of VM '{plan.Vm.Name}' within {snapshots.Spread.TotalSeconds:0.0} s.");

        var usesReports = UsesReports(plan.Options, history.Report);
        var options = plan.Options with
        {
            ChangeSource = usesReports ? AzsChangeSource.PageRangeDiff : plan.Options.ChangeSource ?? AzsChangeSource.PageRanges,
        };
        var transfer = new DiskTransfer(budget, options.RequestsInFlight);
        var results = await AllOrNone.RunAsync(
            snapshots.Snapshots,
            (snapshot, cancelled) => new DiskBackup(session, snapshot, vault.Info.ChunkSize, options, random, log)
                .RunAsync(basis.Find(snapshot.Disk), transfer, meter, cancelled),
            cancellationToken).ConfigureAwait(false);

        var report = Combine(results.Select(result => result.Report), history.Report);
        var keep = UsesReports(plan.Options, report);
        var disks = results.Zip(snapshots.Snapshots, (result, snapshot) => keep ? result.Disk with { Kept = snapshot.Reference } : result.Disk);
        var details = Describe(plan, snapshots, disks.ToList(), report, meter.Elapsed);
        var header = await PublishAsync(plan, session, snapshots.CreatedAt, details, results, configuration, cancellationToken).ConfigureAwait(false);
        if (keep) snapshots.Keep();
        basis.Replace();
        history.Add(header, details);
        return catalog.Describe(header, details);
    }

    // A report that was found wanting, or that the stack does not give, is asked for again only if the user says so by name.
    private static bool UsesReports(VmBackupOptions options, ChangeReport report) => options.ChangeSource switch
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

    private async Task<PointHeader> PublishAsync(
        VmBackupPlan plan,
        VaultSession session,
        DateTime createdAt,
        VmPointDetails details,
        IEnumerable<DiskBackupResult> disks,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> configuration,
        CancellationToken cancellationToken)
    {
        var draft = new PointDraft
        {
            Source = SourceName,
            Item = plan.Vm.Id.ToString().ToLowerInvariant(),
            CreatedAt = createdAt,
            Details = details.Write(),
            Streams = disks.Select(disk => disk.Stream).ToList(),
            Documents = configuration,
        };
        var pointId = await session.PublishAsync(draft, cancellationToken).ConfigureAwait(false);

        // The store's time of publishing is not asked for: this point is the newest of its VM for this process either way.
        return new PointHeader { Id = pointId, Source = draft.Source, Item = draft.Item, CreatedAt = createdAt, StoredAt = createdAt };
    }

    private string SourceName => stack.HostName.ToLowerInvariant();

    private async Task<StackHistory> LoadHistoryAsync(CancellationToken cancellationToken)
    {
        await _historyTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _history ??= await StackHistory.LoadAsync(vault, SourceName, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _historyTurn.Release();
        }
    }

    private SnapshotOptions TagFor(SnapshotOptions options, VaultSession session) => options with
    {
        Tags = new Dictionary<string, string>
        {
            [SnapshotTags.Vault] = vault.Info.Id.ToString(),
            [SnapshotTags.Session] = session.Id,
        },
    };

    private VmPointDetails Describe(
        VmBackupPlan plan, SnapshotSet snapshots, IReadOnlyList<VmPointDisk> disks, ChangeReport report, TimeSpan duration) => new()
        {
            VmName = plan.Vm.Name,
            VmId = plan.Vm.Id.ToString(),
            ResourceGroupName = plan.Vm.Id.ResourceGroupName!,
            Stack = stack.HostName,
            Consistency = AzsConsistency.Crash,
            SnapshotSpreadSeconds = snapshots.Spread.TotalSeconds,
            DurationSeconds = duration.TotalSeconds,
            ChangeReport = report,
            Disks = disks,
        };
}
