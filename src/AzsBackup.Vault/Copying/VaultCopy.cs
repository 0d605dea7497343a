using System.Runtime.CompilerServices;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Copying;

/// <summary>
/// Copies a vault to another place, object by object as stored, only what is missing there: the copy has the same id and the
/// same keys, and is a vault of its own from then on. May be stopped or die at any moment; the next run goes on. Any number of
/// copies, backups and optimizers may run meanwhile in both places. The source is only read.
/// </summary>
/// <param name="source">The vault to copy; must stay open.</param>
/// <param name="destination">Where to: an empty place, or one that holds a copy of this vault. Stays the caller's.</param>
/// <param name="options">What, and how.</param>
public sealed class VaultCopy(BackupVault source, IObjectStore destination, VaultCopyOptions options)
{
    private const int PointsReadAtOnce = 16;

    private readonly VaultAccess _source = source.Access;
    private readonly CopyDestination _destination = new(source.Access, destination);

    /// <summary>Copies into a vault that is open already.</summary>
    /// <param name="source">The vault to copy; must stay open.</param>
    /// <param name="destination">A copy of it; must stay open.</param>
    /// <param name="options">What, and how.</param>
    public VaultCopy(BackupVault source, BackupVault destination, VaultCopyOptions options)
        : this(source, destination.Access.Store, options)
    {
    }

    /// <summary>
    /// After a run: the ids of key slots that open the copy but not the source. A key removed from the source is not removed
    /// from its copies.
    /// </summary>
    public IReadOnlyList<string> KeysOnlyInDestination => _destination.KeysOnlyThere;

    /// <summary>Says what would be copied. Writes nothing.</summary>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <exception cref="AzsException">
    /// <c>CopyDestinationIsSource</c>, <c>CopyDestinationForeign</c>, <c>VaultFolderNotEmpty</c>, or a failure of a store.
    /// </exception>
    public async Task<VaultCopyPlan> PlanAsync(CancellationToken cancellationToken)
    {
        bool isMade = await _destination.IsMadeAsync(cancellationToken).ConfigureAwait(false);
        var points = await ListPointsAsync(cancellationToken).ConfigureAwait(false);
        return await new CopyPlanning(_source, destination, isMade).PlanAsync(points, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Copies the points, newest first, and tells of each as soon as it is known what became of it. A point that is not whole
    /// in the source is told as failed and never published in the destination; the others go on.
    /// </summary>
    /// <param name="cancellationToken">Stops the copying; what is copied stays.</param>
    /// <exception cref="AzsException">
    /// As for <see cref="PlanAsync"/>; <c>SessionEnded</c> if the destination's maintenance took this copy for dead;
    /// <c>VaultKeyGone</c>, <c>MaintenanceObjectDamaged</c>, or a failure of a store.
    /// </exception>
    public async IAsyncEnumerable<PointCopy> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _source.ThrowIfDisposed();
        await _destination.MakeAsync(cancellationToken).ConfigureAwait(false);
        var points = await ListPointsAsync(cancellationToken).ConfigureAwait(false);
        using var access = _destination.Open();
        await new SettingTransfer(_source, access).RunAsync(cancellationToken).ConfigureAwait(false);
        var folders = await FolderListing.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        foreach (var point in points.Where(point => point.IsDamaged))
            yield return Failed(point, CopyErrors.Damaged(point.Id, [point.Id]));
        var missing = points.Where(point => !point.IsDamaged && !folders.HasPoint(FolderOf(point))).ToList();
        foreach (var some in points.Where(point => !point.IsDamaged).Except(missing).Chunk(PointsReadAtOnce))
        {
            foreach (var present in await Task.WhenAll(some.Select(point => DescribePresentAsync(access, point, cancellationToken))).ConfigureAwait(false))
                yield return present;
        }

        if (missing.Count == 0)
            yield break;
        var session = await VaultSession.BeginAsync(access, "copy", cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        using var chunks = new DestinationChunks(destination);
        await chunks.LoadCondemnedAsync(access, session.Id, cancellationToken).ConfigureAwait(false);
        await chunks.LoadBarredAsync(access, cancellationToken).ConfigureAwait(false);
        var transfer = new PointTransfer(_source, access, session.Id, chunks, new ChunkTransfer(_source, access, chunks, options.ChunksInFlight));
        foreach (var point in missing)
            yield return await CopyAsync(transfer, point, cancellationToken).ConfigureAwait(false);
    }

    private static PointCopy Failed(PointHeader point, AzsException failure) => new() { Point = point, Status = PointCopyStatus.Failed, Failure = failure };

    private string FolderOf(PointHeader point) =>
        ObjectNames.PointFolder(_source.Keys.NameSource(point.Source), _source.Keys.NameItem(point.Source, point.Item), point.Id);

    private async Task<List<PointHeader>> ListPointsAsync(CancellationToken cancellationToken)
    {
        var points = new List<PointHeader>();
        await foreach (var point in source.ListPointsAsync(cancellationToken).ConfigureAwait(false))
        {
            // A damaged header can't be asked whether it is wanted; it is told rather than passed over.
            if (point.IsDamaged || options.Filter is null || options.Filter(point))
                points.Add(point);
        }

        return [.. points.OrderByDescending(point => point.StoredAt).ThenBy(point => point.Id, StringComparer.Ordinal)];
    }

    private async Task<PointCopy> DescribePresentAsync(VaultAccess access, PointHeader point, CancellationToken cancellationToken)
    {
        try
        {
            // Only the name is taken: an object without content, or a damaged one.
            var document = await PointReader.ReadPointAsync(access, FolderOf(point), point.Id, cancellationToken).ConfigureAwait(false);
            return document is null
                ? Failed(point, CopyErrors.GivenUp(point.Id, access.Info.Location))
                : new PointCopy { Point = point, Status = PointCopyStatus.Present };
        }
        catch (AzsException failure) when (failure.Kind == AzsErrorKind.DataDamaged)
        {
            return Failed(point, failure);
        }
    }

    private async Task<PointCopy> CopyAsync(PointTransfer transfer, PointHeader point, CancellationToken cancellationToken)
    {
        try
        {
            var result = await transfer.CopyAsync(point, FolderOf(point), options.Progress, cancellationToken).ConfigureAwait(false);
            bool whole = result.DamagedObjects.Count == 0;
            return new PointCopy
            {
                Point = point,
                Status = whole ? PointCopyStatus.Copied : PointCopyStatus.Failed,
                ChunksCopied = result.ChunksCopied,
                BytesCopied = result.BytesCopied,
                DamagedObjects = result.DamagedObjects,
                Failure = whole ? null : CopyErrors.Damaged(point.Id, result.DamagedObjects),
            };
        }
        catch (AzsException failure) when (failure.Kind == AzsErrorKind.DataDamaged && failure.ErrorId != "MaintenanceObjectDamaged")
        {
            return Failed(point, failure) with { DamagedObjects = failure.Target is { } name ? [name] : [] };
        }
        catch (AzsException failure) when (failure.ErrorId is "PointNotFound" or "CopyPointGivenUp" or "CopyChunkCondemned" or "CopyPointVanished" or "VaultWriteConflict")
        {
            return Failed(point, failure);
        }
        finally
        {
            options.Progress?.Report(new VaultCopyProgress(point, 0, 0, Finished: true));
        }
    }
}
