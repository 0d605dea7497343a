using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Verification;

/// <summary>
/// What the vault remembers of verifications. A record that can't be read, or that says to be from the future, is left out: the
/// worst that follows is that something is verified once more.
/// </summary>
internal static class VerificationRecords
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    /// <summary>When points were last verified, by id.</summary>
    public static async Task<IReadOnlyDictionary<string, DateTime>> ReadPointsAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        var now = access.Runtime.Time.GetUtcNow().UtcDateTime + ClockTolerance;
        var verified = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        foreach (string name in await ListAsync(access, MaintenanceNames.IsVerifiedPoints, cancellationToken).ConfigureAwait(false))
        {
            using var content = await TryReadAsync(access, name, cancellationToken).ConfigureAwait(false);
            if (content is null || VerifiedDocuments.ReadPoints(content.Span) is not { } record)
                continue;
            foreach (var (id, at) in record.Points)
            {
                if (at <= now && (!verified.TryGetValue(id, out var before) || at > before))
                    verified[id] = at;
            }
        }

        return verified;
    }

    /// <summary>The chunks that were verified at this time or later, and when the oldest of them was.</summary>
    public static async Task<(ChunkObjectSet Chunks, DateTime OldestAt)> ReadChunksAsync(
        VaultAccess access, DateTime since, DateTime now, CancellationToken cancellationToken)
    {
        var chunks = new ChunkObjectSet();
        var oldest = now;
        foreach (string name in await ListAsync(access, MaintenanceNames.IsVerifiedChunks, cancellationToken).ConfigureAwait(false))
        {
            using var content = await TryReadAsync(access, name, cancellationToken).ConfigureAwait(false);
            if (content is null || VerifiedDocuments.ReadChunks(content.Span) is not { } record || record.VerifiedAt < since || record.VerifiedAt > now + ClockTolerance)
                continue;
            oldest = record.VerifiedAt < oldest ? record.VerifiedAt : oldest;
            foreach (var (prefix, generation) in record.Chunks)
                chunks.Add(prefix, generation);
        }

        return (chunks, oldest);
    }

    public static async Task WriteAsync(VaultAccess access, string name, byte[] record, CancellationToken cancellationToken)
    {
        using var content = access.Sealer.Seal(ObjectRole.Verified, name, record);
        await access.CreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes records of which everything is either in a newer record or no longer in the vault.</summary>
    /// <param name="access">The vault.</param>
    /// <param name="references">The chunks that are needed.</param>
    /// <param name="pointIds">The points that are there.</param>
    /// <param name="cancellationToken">Stops it; deleting a record too many would only cost a verification.</param>
    /// <returns>How many were deleted.</returns>
    public static async Task<int> TidyAsync(
        VaultAccess access, ChunkReferences references, IReadOnlySet<string> pointIds, CancellationToken cancellationToken)
    {
        var chunkRecords = new List<(string Name, DateTime At)>();
        var pointRecords = new List<(string Name, DateTime At)>();
        await foreach (var stored in access.Store.ListAsync(MaintenanceNames.Verified, cancellationToken).ConfigureAwait(false))
        {
            if (MaintenanceNames.IsVerifiedChunks(stored.Name))
                chunkRecords.Add((stored.Name, stored.CreatedAt));
            else if (MaintenanceNames.IsVerifiedPoints(stored.Name))
                pointRecords.Add((stored.Name, stored.CreatedAt));
        }

        int deleted = 0;
        var seenChunks = new ChunkObjectSet();
        var unseen = new List<(UInt128 Prefix, int Generation)>();
        foreach (var (name, _) in chunkRecords.OrderByDescending(record => record.At))
        {
            using var content = await TryReadAsync(access, name, cancellationToken).ConfigureAwait(false);
            if (content is null || VerifiedDocuments.ReadChunks(content.Span) is not { } record)
                continue;
            unseen.Clear();
            unseen.AddRange(record.Chunks.Where(chunk => references.Contains(chunk.Prefix, chunk.Generation) && !seenChunks.Contains(chunk.Prefix, chunk.Generation)));
            foreach (var (prefix, generation) in unseen)
                seenChunks.Add(prefix, generation);
            deleted += await DeleteIfAsync(unseen.Count == 0, name).ConfigureAwait(false);
        }

        var seenPoints = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in pointRecords.OrderByDescending(record => record.At))
        {
            using var content = await TryReadAsync(access, name, cancellationToken).ConfigureAwait(false);
            if (content is null || VerifiedDocuments.ReadPoints(content.Span) is not { } record)
                continue;
            int news = record.Points.Count(point => pointIds.Contains(point.Id) && seenPoints.Add(point.Id));
            deleted += await DeleteIfAsync(news == 0, name).ConfigureAwait(false);
        }

        return deleted;

        async Task<int> DeleteIfAsync(bool superfluous, string name)
        {
            if (superfluous)
                await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            return superfluous ? 1 : 0;
        }
    }

    private static async Task<List<string>> ListAsync(VaultAccess access, Func<string, bool> isOne, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var stored in access.Store.ListAsync(MaintenanceNames.Verified, cancellationToken).ConfigureAwait(false))
        {
            if (isOne(stored.Name))
                names.Add(stored.Name);
        }

        return names;
    }

    private static async Task<Stores.PooledBuffer?> TryReadAsync(VaultAccess access, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await access.FindAsync(ObjectRole.Verified, name, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            // Verifying reports it.
            return null;
        }
    }
}
