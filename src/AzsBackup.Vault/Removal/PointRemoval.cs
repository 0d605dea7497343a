using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Removal;

/// <summary>
/// Says what is to become of points: to be removed after a delay, to stay after all, pinned, locked. Removes nothing itself:
/// optimizing does, when the delay has passed. Needs to create, read and list only. Safe for concurrent use; what two say
/// about a point at the same time counts one after the other, in an order all agree on (FORMAT.md §11).
/// </summary>
/// <param name="vault">The vault; must stay open.</param>
public sealed class PointRemoval(BackupVault vault)
{
    /// <summary>How long a removal can be undone unless another delay is given.</summary>
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromDays(7);

    private readonly VaultAccess _access = vault.Access;

    /// <summary>Asks for the removal of a point. Asking again for one that waits changes nothing.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="delay">How long this can be undone; from 0 to 100 years.</param>
    /// <param name="byRetention">
    /// Whether a policy asks, not a person: then the point stays as long as no other readable point of its item does.
    /// </param>
    /// <param name="cancellationToken">Stops the asking; then it was asked for or not.</param>
    /// <returns>When it may be removed (UTC); <see langword="null"/> if somebody took the request back in the same moment.</returns>
    /// <exception cref="AzsException">
    /// <c>PointNotFound</c>, <c>PointPinned</c>, <c>PointLocked</c>, <c>PointBeingRemoved</c>, <c>PointMarksDamaged</c>,
    /// <c>RemovalInvalid</c>, or a failure of the store.
    /// </exception>
    public async Task<DateTime?> RequestAsync(string pointId, TimeSpan delay, bool byRetention, CancellationToken cancellationToken)
    {
        ThrowUnlessPossible(delay);
        var locks = await PointLocks.ReadAsync(_access, cancellationToken).ConfigureAwait(false);
        var now = _access.Runtime.Time.GetUtcNow().UtcDateTime;
        var state = await SayAsync(
            pointId,
            async (folder, newestAt, before, stop) =>
            {
                if (before.Damage is not null)
                    throw VaultErrors.PointMarksDamaged(pointId, before.Damage);
                if (before.DueAt is not null)
                    return null;
                if (before.Pinned)
                    throw VaultErrors.PointPinned(pointId);
                if (await locks.FindAsync(folder, before, stop).ConfigureAwait(false) is { } until && until > now)
                    throw VaultErrors.PointLocked(pointId, until);
                return Marks.Make(_access, newestAt, MarkKind.Remove) with { Seconds = (long)Math.Ceiling(delay.TotalSeconds), ByRetention = byRetention };
            },
            cancellationToken).ConfigureAwait(false);
        return state.DueAt;
    }

    /// <summary>Takes the request for a removal back.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="cancellationToken">Stops it; then it is undone or not.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>, <c>PointBeingRemoved</c>: it is too late; or a failure of the store.</exception>
    public Task UndoAsync(string pointId, CancellationToken cancellationToken) => SayAsync(
        pointId,
        (_, newestAt, before, _) => Task.FromResult(before.DueAt is null && before.Damage is null ? null : Marks.Make(_access, newestAt, MarkKind.Keep)),
        cancellationToken);

    /// <summary>Pins a point, or unpins it. A pinned point is neither removed nor counted as removable by a policy; a removal that waits goes on waiting.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="pinned">Whether it shall be pinned.</param>
    /// <param name="cancellationToken">Stops it; then it is done or not.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>, <c>PointBeingRemoved</c>, or a failure of the store.</exception>
    public Task SetPinnedAsync(string pointId, bool pinned, CancellationToken cancellationToken) => SayAsync(
        pointId,
        (_, newestAt, before, _) => Task.FromResult(
            before.Pinned == pinned && before.Damage is null ? null : Marks.Make(_access, newestAt, pinned ? MarkKind.Pin : MarkKind.Unpin)),
        cancellationToken);

    /// <summary>Locks a point: it may not be removed before a date. A lock can be made longer, never shorter.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="until">The date (UTC).</param>
    /// <param name="cancellationToken">Stops it; then it is done or not.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>, <c>PointBeingRemoved</c>, or a failure of the store.</exception>
    public Task LockAsync(string pointId, DateTime until, CancellationToken cancellationToken)
    {
        if (until.Kind != DateTimeKind.Utc)
            throw new ArgumentException("The date is not UTC.", nameof(until));
        return SayAsync(
            pointId,
            (_, newestAt, before, _) => Task.FromResult(
                before.LockedUntil >= until && before.Damage is null ? null : Marks.Make(_access, newestAt, MarkKind.Lock) with { Until = JsonTime.Write(until) }),
            cancellationToken);
    }

    /// <summary>How old a point of this vault must be before it may be removed.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException"><c>VaultRetentionDamaged</c>, or a failure of the store.</exception>
    public async Task<TimeSpan> ReadMinimumAgeAsync(CancellationToken cancellationToken) =>
        (await PointLocks.ReadAsync(_access, cancellationToken).ConfigureAwait(false)).MinimumAge;

    /// <summary>Sets how old every point of this vault, those that are there included, must be before it may be removed. Can be made longer, never shorter.</summary>
    /// <param name="age">From 0 to 100 years.</param>
    /// <param name="cancellationToken">Stops it; then it is done or not.</param>
    /// <returns>The age that holds: the longest ever set.</returns>
    /// <exception cref="AzsException"><c>RemovalInvalid</c>, or a failure of the store.</exception>
    public async Task<TimeSpan> ExtendMinimumAgeAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        ThrowUnlessPossible(age);
        await new MarkLog(_access, MaintenanceNames.VaultMarks).AppendAsync(
            (before, _) => Task.FromResult(before.MinimumAge >= age && before.Damage is null
                ? null
                : Marks.Make(_access, default, MarkKind.Minimum) with { Seconds = (long)Math.Ceiling(age.TotalSeconds) }),
            cancellationToken).ConfigureAwait(false);
        return await ReadMinimumAgeAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void ThrowUnlessPossible(TimeSpan span)
    {
        if (span < TimeSpan.Zero || span.TotalSeconds > MarkDocument.MaximumSeconds)
            throw VaultErrors.RemovalInvalid($"{span} is not possible here.");
    }

    private async Task<MarkState> SayAsync(
        string pointId, Func<PointFolder, DateTime, MarkState, CancellationToken, Task<MarkDocument?>> decide, CancellationToken cancellationToken)
    {
        var folders = await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false);
        var folder = folders.Find(pointId) ?? throw VaultErrors.PointNotFound(pointId, _access.Info.Location);
        var log = new MarkLog(_access, folder.Name);
        await log.AppendAsync(
            async (state, stop) =>
            {
                if (state.Removing)
                    throw VaultErrors.PointBeingRemoved(pointId);
                await ThrowIfGoneAsync().ConfigureAwait(false);
                return await decide(folder, folders.NewestAt, state, stop).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        var after = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (after.Removing)
            throw VaultErrors.PointBeingRemoved(pointId);

        // A mark that was made after the point's last marks were deleted says nothing: header and marks go in this order.
        await ThrowIfGoneAsync().ConfigureAwait(false);
        return after;

        async Task ThrowIfGoneAsync()
        {
            using var content = await _access.FindSealedAsync(ObjectNames.Point(folder.Name), cancellationToken).ConfigureAwait(false);
            if (content is null)
                throw VaultErrors.PointNotFound(pointId, _access.Info.Location);
        }
    }
}
