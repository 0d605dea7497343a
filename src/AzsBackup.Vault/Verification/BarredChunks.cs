using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Verification;

/// <summary>The chunks that verifications found damaged: new points don't refer to them, and so the next backup stores them anew (FORMAT.md §12).</summary>
internal static class BarredChunks
{
    /// <summary>Reads all lists, by the names of their objects. One that is damaged is left out: it protects new points from damage, and nothing else.</summary>
    public static async Task<IReadOnlyDictionary<string, CondemnedList>> ReadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var stored in access.Store.ListAsync(MaintenanceNames.Barred, cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParseId(MaintenanceNames.Barred, stored.Name, out _, out string more) && more.Length == 0)
                names.Add(stored.Name);
        }

        var lists = new Dictionary<string, CondemnedList>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            try
            {
                if (await CondemnedList.FindObjectAsync(access, name, cancellationToken).ConfigureAwait(false) is { } list)
                    lists.Add(name, list);
            }
            catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
            {
                // Verifying reports it.
            }
        }

        return lists;
    }

    /// <summary>Bars chunks that are not barred yet.</summary>
    public static async Task AddAsync(VaultAccess access, IEnumerable<(ChunkName Name, int Generation)> chunks, CancellationToken cancellationToken)
    {
        var barred = (await ReadAsync(access, cancellationToken).ConfigureAwait(false)).Values
            .SelectMany(list => list.Chunks).Select(chunk => (chunk.Name, chunk.Generation)).ToHashSet();
        foreach (var some in chunks.Where(chunk => !barred.Contains(chunk)).Chunk(CondemnedList.MaximumEntries))
        {
            string name = MaintenanceNames.Bar(access.Runtime.Random.NewId());
            var list = new CondemnedList([.. some.Select(chunk => new CondemnedChunk(chunk.Name, chunk.Generation, 0))], []);
            using var content = access.Sealer.Seal(ObjectRole.Condemned, name, list.Write());
            await access.CreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the lists that nobody needs: all their chunks are gone, or have a later generation.</summary>
    public static async Task TidyAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        foreach (var (name, list) in await ReadAsync(access, cancellationToken).ConfigureAwait(false))
        {
            bool needed = false;
            foreach (var chunk in list.Chunks)
            {
                var generations = new List<int>();
                await foreach (var stored in access.Store.ListAsync(MaintenanceNames.Generations(chunk.Name), cancellationToken).ConfigureAwait(false))
                {
                    if (ObjectNames.TryParseChunk(stored.Name, out _, out int generation))
                        generations.Add(generation);
                }

                // Without its own object a generation can't be taken for whole; but a smaller one must not be stored in its place.
                needed |= generations.Count > 0 && generations.Max() <= chunk.Generation;
            }

            if (!needed)
                await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }
}
