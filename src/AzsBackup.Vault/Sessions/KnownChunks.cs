using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Sessions;

/// <summary>
/// Which chunks a session may rely on. What the store holds is listed once per session and first byte of a name, when a chunk
/// with that first byte first comes along: a lookup then costs no request, and a small backup lists only a part of the store.
/// What is condemned counts as missing.
/// </summary>
internal sealed class KnownChunks(IObjectStore store, CondemnedChunks condemned) : IDisposable
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, 256).Select(_ => new Shard())];

    /// <summary>The generation of this chunk to refer to; <see langword="null"/> if the chunk has to be stored.</summary>
    public async ValueTask<int?> FindGenerationAsync(ChunkName name, CancellationToken cancellationToken)
    {
        byte first = (byte)(name.Prefix >> 120);
        var shard = _shards[first];
        if (!Volatile.Read(ref shard.Loaded))
            await LoadAsync(shard, first, cancellationToken).ConfigureAwait(false);
        lock (shard)
        {
            return shard.Names.Contains(name) && shard.LaterGenerations.GetValueOrDefault(name) is var generation
                && generation > condemned.GreatestGeneration(name) ? generation : null;
        }
    }

    /// <summary>The generation under which to store this chunk; asked after <see cref="FindGenerationAsync"/> found none.</summary>
    public int NextGeneration(ChunkName name) => condemned.GreatestGeneration(name) + 1;

    /// <summary>Takes in a chunk that was just stored.</summary>
    public void Add(ChunkName name, int generation)
    {
        var shard = _shards[(byte)(name.Prefix >> 120)];
        lock (shard)
            shard.Add(name, generation);
    }

    public void Dispose()
    {
        foreach (var shard in _shards)
            shard.Loading.Dispose();
    }

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
                if (generation <= condemned.GreatestGeneration(name))
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
        public bool Loaded;

        public ChunkNameSet Names { get; } = new();

        /// <summary>The greatest generation of chunks that have another than 0; few.</summary>
        public Dictionary<ChunkName, int> LaterGenerations { get; } = [];

        public SemaphoreSlim Loading { get; } = new(1, 1);

        public void Add(ChunkName name, int generation)
        {
            Names.Add(name);
            if (generation > LaterGenerations.GetValueOrDefault(name))
                LaterGenerations[name] = generation;
        }
    }
}
