using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Vault.Maintenance;

/// <summary>Removes the points whose delay has passed (FORMAT.md §11).</summary>
/// <param name="access">The vault.</param>
/// <param name="folders">What a listing showed of its points.</param>
/// <param name="locks">The vault's locks.</param>
/// <param name="now">The vault's time.</param>
internal sealed class DueRemovals(VaultAccess access, PointFolders folders, PointLocks locks, DateTime now)
{
    private readonly Dictionary<PointFolder, MarkState> _states = [];
    private readonly Dictionary<string, int> _staying = new(StringComparer.Ordinal);

    /// <summary>Points to remove now, and those whose removal was begun by a run that died.</summary>
    public List<PointFolder> Due { get; } = [];

    /// <summary>Marks of points that are gone: of somebody who woke up too late.</summary>
    public List<PointFolder> Leftovers { get; } = [];

    /// <summary>How many points wait for their removal: for their delay, their lock, or because they are pinned or the last of their item.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many points were removed.</summary>
    public int Removed { get; private set; }

    /// <summary>Finds what is due. Changes nothing.</summary>
    public async Task FindAsync(int requestsInFlight, CancellationToken cancellationToken)
    {
        var marked = folders.All.Where(folder => folder.Marks.Count > 0);
        await RequestWindow.ForEachAsync(marked, requestsInFlight, ReadAsync, cancellationToken).ConfigureAwait(false);
        var thinned = _states.Where(marks => marks.Value.ByRetention).Select(marks => marks.Key.ItemName).ToHashSet(StringComparer.Ordinal);
        var siblings = folders.All.Where(folder => folder.PointAt is not null && thinned.Contains(folder.ItemName));
        await RequestWindow.ForEachAsync(siblings, requestsInFlight, CountStayingAsync, cancellationToken).ConfigureAwait(false);
        foreach (var (folder, state) in _states)
        {
            if (state.Removing || (folder.PointAt is not null && await IsDueAsync(folder, state, cancellationToken).ConfigureAwait(false)))
                Due.Add(folder);
            else if (folder.PointAt is null && folder.HoldsWordsOnly)
                Leftovers.Add(folder);
            else if (state.DueAt is not null)
                Waiting++;
        }
    }

    /// <summary>Removes what is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Due)
        {
            bool said = _states[folder].Removing || await new MarkLog(access, folder.Name).AppendAsync(
                async (state, stop) => await IsDueAsync(folder, state, stop).ConfigureAwait(false) ? Removing() : null,
                cancellationToken).ConfigureAwait(false);

            // Not said: somebody undid it, or says it in this moment, and then the next run finds it.
            if (!said)
                continue;
            await FinishAsync(folder, cancellationToken).ConfigureAwait(false);
            Removed++;
        }

        foreach (var folder in Leftovers)
        {
            using var point = await access.FindSealedAsync(ObjectNames.Point(folder.Name), cancellationToken).ConfigureAwait(false);
            if (point is null)
                await DeleteAsync(folder, folder.Parts, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(PointFolder folder, CancellationToken cancellationToken)
    {
        var state = await new MarkLog(access, folder.Name).ReadAsync(folder.Marks, cancellationToken).ConfigureAwait(false);
        lock (_states)
            _states.Add(folder, state);
    }

    private async Task CountStayingAsync(PointFolder folder, CancellationToken cancellationToken)
    {
        if ((_states.TryGetValue(folder, out var state) && (state.DueAt is not null || state.Removing))
            || !await IsReadableAsync(folder, cancellationToken).ConfigureAwait(false))
            return;
        lock (_staying)
            _staying[folder.ItemName] = _staying.GetValueOrDefault(folder.ItemName) + 1;
    }

    private async Task<bool> IsDueAsync(PointFolder folder, MarkState state, CancellationToken cancellationToken) =>
        state.IsDue(now, await locks.FindAsync(folder, state, cancellationToken).ConfigureAwait(false))
        && (!state.ByRetention || _staying.GetValueOrDefault(folder.ItemName) > 0);

    /// <summary>Whether there is a point.json that can be read: one that is damaged, or says that a point was given up, is no reason to remove another.</summary>
    private async Task<bool> IsReadableAsync(PointFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            return await PointReader.ReadPointAsync(access, folder.Name, folder.PointId, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return false;
        }
    }

    /// <summary>The header first, so that nobody finds a point without its parts; the mark that says what happens here last.</summary>
    private async Task FinishAsync(PointFolder folder, CancellationToken cancellationToken)
    {
        await access.Store.DeleteAsync(ObjectNames.Point(folder.Name), cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        var parts = new List<string>();
        await foreach (var stored in access.Store.ListAsync(folder.Name, cancellationToken).ConfigureAwait(false))
            parts.Add(stored.Name[folder.Name.Length..]);
        await DeleteAsync(folder, parts.Where(part => !MaintenanceNames.TryParseMark(part, out _)), cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        var marks = parts.Select(part => (Part: part, IsMark: MaintenanceNames.TryParseMark(part, out int number), Number: number));
        await DeleteAsync(folder, marks.Where(mark => mark.IsMark).OrderBy(mark => mark.Number).Select(mark => mark.Part), cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteAsync(PointFolder folder, IEnumerable<string> parts, CancellationToken cancellationToken)
    {
        foreach (string part in parts)
            await access.Store.DeleteAsync(folder.Name + part, cancellationToken).ConfigureAwait(false);
    }

    private MarkDocument Removing() => Marks.Make(access, folders.NewestAt, MarkKind.Removing);
}
