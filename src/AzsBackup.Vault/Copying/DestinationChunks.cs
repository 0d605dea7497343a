using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Sessions;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Vault.Copying;

/// <summary>
/// Which chunks a copy's destination holds, by name and generation, and which of them it must not rely on because a list that
/// does not wait for this session condemns them. Listed once per first byte of a name, when one comes along.
/// </summary>
internal sealed class DestinationChunks(IObjectStore store) : IDisposable
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, 256).Select(_ => new Shard())];
    private readonly Dictionary<(ChunkName Name, int Generation), List<string>> _condemnedBy = [];
    private readonly Dictionary<string, List<string>> _foldersCondemnedBy = new(StringComparer.Ordinal);

    /// <summary>Reads the lists that may be swept while this session lives. Before anything is listed.</summary>
    /// <exception cref="AzsException"><c>MaintenanceObjectDamaged</c>: without knowing what is condemned nobody can write safely.</exception>
    public async Task LoadCondemnedAsync(VaultAccess access, string sessionId, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var stored in store.ListAsync(ObjectNames.CondemnedLists, cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParseId(ObjectNames.CondemnedLists, stored.Name, out string id, out string more) && more.Length == 0)
                ids.Add(id);
        }

        foreach (string id in ids)
        {
            string waitsName = ObjectNames.Waits(id);
            using var waits = await access.FindAsync(ObjectRole.Condemned, waitsName, cancellationToken).ConfigureAwait(false);
            if (waits is not null && WaitsDocument.Read(waits.Span, waitsName).Sessions.Contains(sessionId, StringComparer.Ordinal))
                continue;
            if (await CondemnedList.FindAsync(access, id, cancellationToken).ConfigureAwait(false) is not { } list)
                continue;
            foreach (var chunk in list.Chunks)
                Note(_condemnedBy, (chunk.Name, chunk.Generation), id);
            foreach (string folder in list.PointFolders)
                Note(_foldersCondemnedBy, folder, id);
        }
    }

    /// <summary>
    /// Reads what verifications of the destination found damaged: it is there by name, and must not be taken for the chunk.
    /// </summary>
    public async Task LoadBarredAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        foreach (var list in (await BarredChunks.ReadAsync(access, cancellationToken).ConfigureAwait(false)).Values)
        {
            foreach (var chunk in list.Chunks)
            {
                var shard = ShardOf(chunk.Name);
                lock (shard)
                    shard.Doubtful.Add((chunk.Name, chunk.Generation));
            }
        }
    }

    /// <summary>The lists that condemn this point, left unpublished by a copy that died, or one of these chunks.</summary>
    public IReadOnlyCollection<string> ListsNaming(string folder, IEnumerable<ChunkReference> chunks)
    {
        var lists = new HashSet<string>(_foldersCondemnedBy.GetValueOrDefault(folder) ?? [], StringComparer.Ordinal);
        if (_condemnedBy.Count > 0)
            lists.UnionWith(chunks.SelectMany(chunk => _condemnedBy.GetValueOrDefault((chunk.Name, chunk.Generation)) ?? []));
        return lists;
    }

    /// <summary>Takes in that a list is gone. What it named may be there or not: it has to be put again.</summary>
    public void Forget(string listId)
    {
        foreach (var (chunk, lists) in _condemnedBy.Where(entry => entry.Value.Contains(listId)).ToList())
        {
            var shard = ShardOf(chunk.Name);
            lock (shard)
                shard.Doubtful.Add(chunk);
            lists.Remove(listId);
            if (lists.Count == 0)
                _condemnedBy.Remove(chunk);
        }

        foreach (var lists in _foldersCondemnedBy.Values)
            lists.Remove(listId);
    }

    /// <summary>Whether the destination has this chunk.</summary>
    public async ValueTask<bool> ContainsAsync(ChunkName name, int generation, CancellationToken cancellationToken)
    {
        var shard = ShardOf(name);
        if (!Volatile.Read(ref shard.Loaded))
            await LoadAsync(shard, (byte)(name.Prefix >> 120), cancellationToken).ConfigureAwait(false);
        lock (shard)
            return shard.Contains(name, generation);
    }

    /// <summary>Takes in a chunk that was just put.</summary>
    public void Add(ChunkName name, int generation)
    {
        var shard = ShardOf(name);
        lock (shard)
        {
            shard.Doubtful.Remove((name, generation));
            shard.Add(name, generation);
        }
    }

    public void Dispose()
    {
        foreach (var shard in _shards)
            shard.Loading.Dispose();
    }

    private static void Note<T>(Dictionary<T, List<string>> condemnedBy, T what, string listId) where T : notnull
    {
        if (!condemnedBy.TryGetValue(what, out var lists))
            condemnedBy.Add(what, lists = []);
        lists.Add(listId);
    }

    private Shard ShardOf(ChunkName name) => _shards[(byte)(name.Prefix >> 120)];

    private async Task LoadAsync(Shard shard, byte first, CancellationToken cancellationToken)
    {
        await shard.Loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (shard.Loaded)
                return;
            await foreach (var stored in store.ListAsync(ObjectNames.ChunkShard(first), cancellationToken).ConfigureAwait(false))
            {
                if (!ObjectNames.TryParseChunk(stored.Name, out var name, out int generation))
                    continue;
                lock (shard)
                    shard.Add(name, generation);
            }

            Volatile.Write(ref shard.Loaded, true);
        }
        finally
        {
            shard.Loading.Release();
        }
    }

    private sealed class Shard
    {
        private readonly ChunkNameSet _first = new();
        private readonly HashSet<(ChunkName Name, int Generation)> _later = [];

        public bool Loaded;

        public HashSet<(ChunkName Name, int Generation)> Doubtful { get; } = [];

        public SemaphoreSlim Loading { get; } = new(1, 1);

        public bool Contains(ChunkName name, int generation) =>
            !Doubtful.Contains((name, generation)) && (generation == 0 ? _first.Contains(name) : _later.Contains((name, generation)));

        public void Add(ChunkName name, int generation)
        {
            if (generation == 0)
                _first.Add(name);
            else
                _later.Add((name, generation));
        }
    }
}
