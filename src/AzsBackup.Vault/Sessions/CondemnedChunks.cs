using AzsBackup.Vault.Format;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Vault.Sessions;

/// <summary>
/// The chunks that a session must not rely on because a sweeper may delete them (FORMAT.md §9). A generation up to the greatest
/// condemned one counts as condemned: at worst a chunk is stored once more than needed.
/// </summary>
internal sealed class CondemnedChunks(VaultAccess access)
{
    private readonly object _gate = new();
    private readonly HashSet<string> _listsRead = new(StringComparer.Ordinal);
    private readonly Dictionary<ChunkName, int> _greatestGenerations = [];

    /// <summary>The greatest condemned generation of this chunk; -1 if none is.</summary>
    public int GreatestGeneration(ChunkName name)
    {
        lock (_gate)
            return _greatestGenerations.TryGetValue(name, out int generation) ? generation : -1;
    }

    /// <summary>Reads the lists that were not read yet.</summary>
    /// <exception cref="Model.AzsException"><c>MaintenanceObjectDamaged</c>: without knowing what is condemned nobody can write safely.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var stored in access.Store.ListAsync(ObjectNames.CondemnedLists, cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParseId(ObjectNames.CondemnedLists, stored.Name, out string id, out string more) && more.Length == 0)
                ids.Add(id);
        }

        foreach (string id in ids)
        {
            lock (_gate)
            {
                if (_listsRead.Contains(id))
                    continue;
            }

            // A list that is gone was swept to its end: what it named is either deleted by now, or needed by a point.
            if (await CondemnedList.FindAsync(access, id, cancellationToken).ConfigureAwait(false) is { } list)
                Add(id, list);
        }
    }

    /// <summary>
    /// Reads what verifications found damaged: a new point had better not refer to it. Only when a session begins: later, the
    /// chunk is no longer at hand to be stored anew.
    /// </summary>
    public async Task LoadBarredAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, list) in await BarredChunks.ReadAsync(access, cancellationToken).ConfigureAwait(false))
            Add(name, list);
    }

    private void Add(string listName, CondemnedList list)
    {
        lock (_gate)
        {
            _listsRead.Add(listName);
            foreach (var chunk in list.Chunks)
            {
                if (!_greatestGenerations.TryGetValue(chunk.Name, out int generation) || chunk.Generation > generation)
                    _greatestGenerations[chunk.Name] = chunk.Generation;
            }
        }
    }
}
