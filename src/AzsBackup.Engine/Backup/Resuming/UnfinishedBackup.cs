using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>
/// A run of a VM that died, with the snapshots it was reading. Disposing gives read access to them back; after
/// <see cref="Replace"/> it deletes them, and what the run wrote down.
/// </summary>
internal sealed class UnfinishedBackup : IAsyncDisposable
{
    private readonly UnfinishedRun _run;
    private readonly RunSnapshots _noted;
    private readonly SnapshotOptions _options;
    private readonly TimeProvider _clock;
    private readonly IRunLog _log;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, UnfinishedDisk> _disks = new(StringComparer.OrdinalIgnoreCase);
    private bool _replaced;
    private bool _keepsSnapshots;

    private UnfinishedBackup(
        UnfinishedRun run, RunSnapshots noted, SnapshotOptions options, TimeProvider clock, IRunLog log, CancellationToken cancellation)
    {
        _run = run;
        _noted = noted;
        _options = options;
        _clock = clock;
        _log = log;
        _cancellation = cancellation;
    }

    /// <summary>The id of the run's session.</summary>
    public string SessionId => _run.SessionId;

    /// <summary>When its snapshots were made (UTC).</summary>
    public DateTime CreatedAt => _noted.CreatedAt;

    /// <summary>What they are consistent with.</summary>
    public ReachedConsistency Reached => new(_noted.Consistency, TimeSpan.FromSeconds(_noted.SpreadSeconds));

    /// <summary>The ids of the snapshots that are there.</summary>
    public IEnumerable<string> SnapshotIds => _disks.Values.Select(disk => disk.Kept.Id);

    /// <summary>How many chunks it has put.</summary>
    public long ChunksPut => _disks.Values.Sum(disk => (long)disk.Chunks.Count);

    /// <summary>Opens the one of the VM's unfinished runs that has come furthest; null if there is none to go on from.</summary>
    public static async Task<UnfinishedBackup?> OpenAsync(
        BackupTools tools, VmBackupPlan plan, IEnumerable<UnfinishedRun> runs, CancellationToken cancellationToken)
    {
        UnfinishedBackup? best = null;
        foreach (var run in runs.Where(run => run.HasProgress))
        {
            var noted = RunSnapshots.Read(await run.ReadNoteAsync(RunSnapshots.NoteName, cancellationToken).ConfigureAwait(false));
            if (noted is null || !noted.VmId.Equals(plan.Vm.Id.ToString(), StringComparison.OrdinalIgnoreCase)) continue;
            var opened = new UnfinishedBackup(run, noted, plan.Options.Snapshots, tools.Clock, tools.Log, cancellationToken);
            await opened.OpenDisksAsync(tools.Stack, plan, cancellationToken).ConfigureAwait(false);
            var (better, other) = best is null || opened.ChunksPut > best.ChunksPut ? (opened, best) : (best, opened);
            if (other is not null) await other.DisposeAsync().ConfigureAwait(false);
            best = better;
        }

        if (best is null || best.ChunksPut > 0) return best;
        await best.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>What the run left of a disk; null if nothing is there any more.</summary>
    public UnfinishedDisk? Find(VmDisk disk) => _disks.GetValueOrDefault(disk.Id);

    /// <summary>Says that another run has taken over all there was, or that a newer point is published.</summary>
    /// <param name="keepsSnapshots">Whether the snapshots stay, because that other run, or the point, refers to them.</param>
    public void Replace(bool keepsSnapshots)
    {
        _replaced = true;
        _keepsSnapshots = keepsSnapshots;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = CleanUpTime.Start(_options.CancelledCleanUp, _clock, _cancellation);
        await Task.WhenAll(_disks.Values.Select(disk => ReleaseAsync(disk.Snapshot, limit.Token))).ConfigureAwait(false);
        foreach (var disk in _disks.Values) disk.Snapshot.Dispose();
        _disks.Clear();
        if (_replaced && !GuestNote.IsOpen(_run)) await _run.RemoveAsync().ConfigureAwait(false);
    }

    private async Task OpenDisksAsync(IStack stack, VmBackupPlan plan, CancellationToken cancellationToken)
    {
        var progress = await _run.ReadProgressAsync(cancellationToken).ConfigureAwait(false);
        for (var stream = 0; stream < _noted.Disks.Count; stream++)
        {
            var noted = _noted.Disks[stream];
            var disk = plan.Disks.FirstOrDefault(disk => disk.Id.Equals(noted.DiskId, StringComparison.OrdinalIgnoreCase));
            if (disk is null) continue;
            var snapshot = await EarlierSnapshot
                .OpenAsync(stack, plan.Vm, disk, noted.Kept, plan.Options.Snapshots.GrantDuration, cancellationToken).ConfigureAwait(false);
            if (snapshot is null) continue;
            if (await snapshot.FindAsync(cancellationToken).ConfigureAwait(false) is not { } reader)
            {
                _log.Verbose($"The {snapshot.Description} of a run that died is gone; disk '{disk.Name}' is read from its beginning.");
                snapshot.Dispose();
                continue;
            }

            var (length, chunks) = progress.GetValueOrDefault(stream, (0, []));
            _disks[disk.Id] = new UnfinishedDisk(noted.Kept, snapshot, reader, length, chunks);
        }
    }

    private async Task ReleaseAsync(EarlierSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            if (_replaced && !_keepsSnapshots) await snapshot.DeleteAsync(cancellationToken).ConfigureAwait(false);
            else await snapshot.RevokeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is AzsException or OperationCanceledException)
        {
            var reason = CleanUpTime.ReasonOf(failure);
            _log.Warning(_replaced && !_keepsSnapshots
                ? $"The {snapshot.Description} of a run that died may be left behind; the VM's next backup deletes it. {reason}"
                : $"Read access to the {snapshot.Description} may last until it expires. {reason}");
        }
    }
}
