using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>Finds what no point needs and condemns it.</summary>
/// <param name="access">The vault.</param>
/// <param name="options">How much goes into a list.</param>
/// <param name="scan">What is needed.</param>
/// <param name="before">Only what is older, by the store's clock, is condemned. This saves work and protects nothing: sweeping looks anew.</param>
internal sealed class Condemnation(VaultAccess access, OptimizeOptions options, PointScan scan, DateTime before)
{
    private readonly List<CondemnedChunk> _chunks = [];
    private readonly List<CondemnedChunk> _condemnedBefore = [];
    private readonly HashSet<string> _foldersBefore = new(StringComparer.Ordinal);

    /// <summary>Chunks to condemn.</summary>
    public IReadOnlyList<CondemnedChunk> Chunks => _chunks;

    /// <summary>Chunks that a list names already, that are still there, and that nobody needs.</summary>
    public IReadOnlyList<CondemnedChunk> CondemnedBefore => _condemnedBefore;

    public async Task CollectAsync(CondemnedCatalog catalog, CancellationToken cancellationToken)
    {
        var condemned = new ChunkObjectSet();
        foreach (var record in catalog.Lists)
        {
            // A list that is claimed may be left by a run that died: only its claimant sweeps it, so its chunks need another list.
            if (record.Claims.Count > 0 || await CondemnedList.FindAsync(access, record.Id, cancellationToken).ConfigureAwait(false) is not { } list)
                continue;
            foreach (var chunk in list.Chunks)
                condemned.Add(chunk.Name.Prefix, chunk.Generation);
            _foldersBefore.UnionWith(list.PointFolders);
        }

        await foreach (var stored in access.Store.ListAsync(ObjectNames.Chunks, cancellationToken).ConfigureAwait(false))
        {
            if (!ObjectNames.TryParseChunk(stored.Name, out var name, out int generation) || scan.References.Contains(name, generation))
                continue;
            var chunk = new CondemnedChunk(name, generation, (int)Math.Min(stored.Length, int.MaxValue));
            if (condemned.Contains(name.Prefix, generation))
                _condemnedBefore.Add(chunk);
            else if (stored.CreatedAt < before)
                _chunks.Add(chunk);
        }
    }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var folders = scan.Unpublished.Values
            .Where(folder => folder.YoungestAt < before && !_foldersBefore.Contains(folder.Name))
            .Select(folder => folder.Name);
        var ids = new List<string>();
        foreach (var chunks in _chunks.Chunk(options.EntriesPerList))
            await WriteAsync(new CondemnedList(chunks, [])).ConfigureAwait(false);
        foreach (string[] some in folders.Chunk(options.EntriesPerList))
            await WriteAsync(new CondemnedList([], some)).ConfigureAwait(false);
        if (ids.Count == 0)
            return;

        // The lists are there for every writer to see before it is asked who writes.
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        await CondemnedCatalog.WriteWaitsAsync(access, ids, cancellationToken).ConfigureAwait(false);

        async Task WriteAsync(CondemnedList list)
        {
            string id = access.Runtime.Random.NewId();
            string name = ObjectNames.Condemned(id);
            using var content = access.Sealer.Seal(ObjectRole.Condemned, name, list.Write());
            await access.CreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
            ids.Add(id);
        }
    }
}
