using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Copying;

/// <summary>Counts what a copy would do.</summary>
internal sealed class CopyPlanning(VaultAccess source, IObjectStore destination, bool isMade)
{
    public async Task<VaultCopyPlan> PlanAsync(IReadOnlyList<PointHeader> points, CancellationToken cancellationToken)
    {
        var folders = await FolderListing.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        var stored = new Dictionary<(ChunkName Name, int Generation), long>();
        await foreach (var chunk in source.Store.ListAsync(ObjectNames.Chunks, cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParseChunk(chunk.Name, out var name, out int generation))
                stored[(name, generation)] = chunk.Length;
        }

        using var there = new DestinationChunks(destination);
        var missing = new HashSet<(ChunkName Name, int Generation)>();
        int present = 0;
        int damaged = 0;
        foreach (var point in points)
        {
            string folder = point.IsDamaged ? "" : ObjectNames.PointFolder(source.Keys.NameSource(point.Source), source.Keys.NameItem(point.Source, point.Item), point.Id);
            if (folders.HasPoint(folder))
                present++;
            else if (point.IsDamaged || !await IsWholeAsync(point, folder).ConfigureAwait(false))
                damaged++;
        }

        return new VaultCopyPlan(!isMade, points.Count - present - damaged, present, missing.Count, missing.Sum(chunk => stored[chunk]), damaged);

        async Task<bool> IsWholeAsync(PointHeader point, string folder)
        {
            try
            {
                if (await PointReader.ReadPointAsync(source, folder, point.Id, cancellationToken).ConfigureAwait(false) is not { } document)
                    return false;
                bool whole = true;
                foreach (var stream in await PointReader.ReadStreamsAsync(source, folder, document, cancellationToken).ConfigureAwait(false))
                {
                    foreach (var (_, chunk) in stream.Chunks)
                    {
                        if (missing.Contains((chunk.Name, chunk.Generation)) || await there.ContainsAsync(chunk.Name, chunk.Generation, cancellationToken).ConfigureAwait(false))
                            continue;
                        if (stored.ContainsKey((chunk.Name, chunk.Generation)))
                            missing.Add((chunk.Name, chunk.Generation));
                        else
                            whole = false;
                    }
                }

                return whole;
            }
            catch (AzsException exception) when (exception.Kind is AzsErrorKind.DataDamaged or AzsErrorKind.NotFound)
            {
                return false;
            }
        }
    }
}
