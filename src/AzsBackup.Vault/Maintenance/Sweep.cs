using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>Deletes what condemned lists name and nobody needs.</summary>
internal sealed class Sweep(VaultAccess access, int requestsInFlight, PointScan scan)
{
    public long ChunksDeleted { get; private set; }

    public long BytesFreed { get; private set; }

    public long ChunksSpared { get; private set; }

    public int PointsGivenUp { get; private set; }

    public int ListsSwept { get; private set; }

    /// <summary>Sweeps a list, unless another run does.</summary>
    public async Task RunAsync(string listId, CancellationToken cancellationToken)
    {
        string claim = ObjectNames.Claim(listId, access.Runtime.Random.NewId());
        if (!await TryClaimAsync(listId, claim, cancellationToken).ConfigureAwait(false)
            || await CondemnedList.FindAsync(access, listId, cancellationToken).ConfigureAwait(false) is not { } list)
        {
            await access.Store.DeleteAsync(claim, cancellationToken).ConfigureAwait(false);
            return;
        }

        var condemned = list.Chunks.Where(chunk => !scan.References.Contains(chunk.Name, chunk.Generation)).ToList();
        ChunksSpared += list.Chunks.Count - condemned.Count;
        await RequestWindow.ForEachAsync(
            condemned,
            requestsInFlight,
            (chunk, stop) => access.Store.DeleteAsync(ObjectNames.Chunk(chunk.Name, chunk.Generation), stop),
            cancellationToken).ConfigureAwait(false);
        ChunksDeleted += condemned.Count;
        BytesFreed += condemned.Sum(chunk => (long)chunk.Length);
        foreach (string folder in list.PointFolders.Where(folder => scan.Unpublished.Remove(folder)))
            await GiveUpAsync(folder, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // The list last but for what belongs to it: as long as a deletion of this run may be under way, writers avoid its names.
        await access.Store.DeleteAsync(ObjectNames.Condemned(listId), cancellationToken).ConfigureAwait(false);
        await access.Store.DeleteAsync(ObjectNames.Waits(listId), cancellationToken).ConfigureAwait(false);
        await access.Store.DeleteAsync(claim, cancellationToken).ConfigureAwait(false);
        ListsSwept++;
    }

    /// <summary>
    /// Two runs that claim a list at the same time both say so before they look: at least one sees the other and steps back.
    /// If one dies, its claim stays, and nobody else sweeps this list: a deletion of its may come at any time.
    /// </summary>
    private async Task<bool> TryClaimAsync(string listId, string claim, CancellationToken cancellationToken)
    {
        using (var content = access.Sealer.Seal(ObjectRole.Condemned, claim, []))
            await access.CreateAsync(claim, content.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var stored in access.Store.ListAsync(ObjectNames.Claims(listId), cancellationToken).ConfigureAwait(false))
        {
            if (stored.Name != claim)
                return false;
        }

        return true;
    }

    /// <summary>Takes the name of a point.json that was never written: should the writer wake up after all, it finds the name taken.</summary>
    private async Task GiveUpAsync(string folder, CancellationToken cancellationToken)
    {
        string name = ObjectNames.Point(folder);
        using var content = access.Sealer.Seal(ObjectRole.Point, name, []);
        if (await access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false))
            PointsGivenUp++;
    }
}
