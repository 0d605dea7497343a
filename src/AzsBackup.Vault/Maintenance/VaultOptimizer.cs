using AzsBackup.Vault.Jobs;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Runs;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Vault.Maintenance;

/// <summary>
/// Removes the points whose delay has passed, and deletes chunks that no point needs, in two steps: one run condemns them, a later one sweeps what is still not needed
/// (FORMAT.md §9). Never makes a backup wait, may be stopped at any moment, and may run several times at once.
/// </summary>
/// <param name="vault">The vault; must stay open.</param>
/// <param name="options">How patient to be.</param>
public sealed class VaultOptimizer(BackupVault vault, OptimizeOptions options)
{
    private readonly VaultAccess _access = vault.Access;

    /// <summary>Says what would be freed. Changes nothing.</summary>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <exception cref="Model.AzsException"><c>PointDamaged</c>, <c>MaintenanceObjectDamaged</c>, <c>VaultClockDamaged</c>, <c>VaultRetentionDamaged</c>, or a failure of the store.</exception>
    public async Task<OptimizePlan> PlanAsync(CancellationToken cancellationToken)
    {
        _access.ThrowIfDisposed();
        var catalog = await CondemnedCatalog.ReadAsync(_access, cancellationToken).ConfigureAwait(false);
        var census = await SessionCensus.TakeAsync(_access, cancellationToken).ConfigureAwait(false);
        var folders = await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false);
        var clock = await VaultClock.EstimateAsync(_access, folders.NewestAt, cancellationToken).ConfigureAwait(false);
        var now = options.TrustClock ? clock.Now + clock.Behind : clock.Now;
        var removals = new DueRemovals(_access, folders, await PointLocks.ReadAsync(_access, cancellationToken).ConfigureAwait(false), now);
        await removals.FindAsync(options.RequestsInFlight, cancellationToken).ConfigureAwait(false);
        var staying = folders.All.Except(removals.Due);
        var scan = await PointScan.RunAsync(_access, staying, options.RequestsInFlight, cancellationToken).ConfigureAwait(false);
        var condemnation = new Condemnation(_access, options, scan, census.OldestStart ?? DateTime.MaxValue);
        await condemnation.CollectAsync(catalog, cancellationToken).ConfigureAwait(false);
        return new OptimizePlan(
            removals.Due.Count,
            removals.Waiting,
            condemnation.Chunks.Count,
            condemnation.Chunks.Sum(chunk => (long)chunk.Length),
            condemnation.CondemnedBefore.Count,
            condemnation.CondemnedBefore.Sum(chunk => (long)chunk.Length));
    }

    /// <summary>Sweeps what was condemned long enough ago, then condemns what no point needs now.</summary>
    /// <param name="cancellationToken">Stops the run; what is done stays done, and the next run goes on.</param>
    /// <exception cref="Model.AzsException">
    /// <c>PointDamaged</c>: the index of a point can't be read, so nobody knows what it needs, and nothing is deleted.
    /// <c>MaintenanceObjectDamaged</c>, <c>VaultClockDamaged</c>, <c>VaultRetentionDamaged</c>, or a failure of the store.
    /// </exception>
    public async Task<OptimizeResult> RunAsync(CancellationToken cancellationToken)
    {
        _access.ThrowIfDisposed();
        var now = await StoreClock.ReadAsync(_access, cancellationToken).ConfigureAwait(false);
        var catalog = await CondemnedCatalog.ReadAsync(_access, cancellationToken).ConfigureAwait(false);
        await catalog.CompleteAsync(cancellationToken).ConfigureAwait(false);

        var census = await SessionCensus.TakeAsync(_access, cancellationToken).ConfigureAwait(false);
        int ended = await census.EndSilentAsync(now, options.SessionTimeout, cancellationToken).ConfigureAwait(false);
        await census.TidyAsync(cancellationToken).ConfigureAwait(false);
        var ready = await catalog.FindReadyAsync(census, now - options.GracePeriod, cancellationToken).ConfigureAwait(false);

        var folders = await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false);
        var clock = await VaultClock.TickAsync(_access, now, folders.NewestAt, options.TrustClock, cancellationToken).ConfigureAwait(false);
        var removals = new DueRemovals(_access, folders, await PointLocks.ReadAsync(_access, cancellationToken).ConfigureAwait(false), clock.Now);
        await removals.FindAsync(options.RequestsInFlight, cancellationToken).ConfigureAwait(false);
        await removals.RunAsync(cancellationToken).ConfigureAwait(false);

        // From here on nobody but sessions that avoid the ready lists can publish, except with pages that this scan sees.
        folders = await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false);
        var scan = await PointScan.RunAsync(_access, folders.All, options.RequestsInFlight, cancellationToken).ConfigureAwait(false);
        foreach (var folder in scan.GivenUp)
        {
            foreach (string part in folder.Parts)
                await _access.Store.DeleteAsync(folder.Name + part, cancellationToken).ConfigureAwait(false);
        }

        var sweep = new Sweep(_access, options.RequestsInFlight, scan);
        foreach (var list in ready)
            await sweep.RunAsync(list, cancellationToken).ConfigureAwait(false);

        // What a session stored since it began is most likely what it is about to publish.
        var before = census.OldestStart is { } oldest && oldest < now ? oldest : now;
        var condemnation = new Condemnation(_access, options, scan, before);
        await condemnation.CollectAsync(await CondemnedCatalog.ReadAsync(_access, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        await condemnation.WriteAsync(cancellationToken).ConfigureAwait(false);
        var points = folders.All.Where(folder => folder.PointAt is not null).Select(folder => folder.PointId).ToHashSet(StringComparer.Ordinal);
        int records = await VerificationRecords.TidyAsync(_access, scan.References, points, cancellationToken).ConfigureAwait(false);
        await StoreClock.TidyAsync(_access, now - options.SessionTimeout, cancellationToken).ConfigureAwait(false);
        await JobLog.TidyAsync(_access, now - options.JobHistory, cancellationToken).ConfigureAwait(false);
        await RunTidy.RunAsync(_access, census, folders, now, cancellationToken).ConfigureAwait(false);
        await BarredChunks.TidyAsync(_access, cancellationToken).ConfigureAwait(false);
        return new OptimizeResult
        {
            ChunksCondemned = condemnation.Chunks.Count,
            BytesCondemned = condemnation.Chunks.Sum(chunk => (long)chunk.Length),
            ChunksDeleted = sweep.ChunksDeleted,
            BytesFreed = sweep.BytesFreed,
            ChunksSpared = sweep.ChunksSpared,
            ListsWaiting = catalog.Lists.Count - sweep.ListsSwept,
            SessionsEnded = ended,
            PointsGivenUp = sweep.PointsGivenUp,
            PointsRemoved = removals.Removed,
            PointsWaiting = removals.Waiting,
            ClockBehind = clock.Behind,
            RecordsDeleted = records,
        };
    }
}
