using System.Collections.Concurrent;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Sessions;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Copying;

/// <summary>Copies chunks as they are stored, after they were authenticated, unpacked and hashed again.</summary>
internal sealed class ChunkTransfer(VaultAccess source, VaultAccess destination, DestinationChunks there, int chunksInFlight)
{
    private readonly ConcurrentDictionary<(ChunkName Name, int Generation), string> _damaged = new();

    /// <summary>Makes sure that the destination has these chunks. Damaged ones are passed over.</summary>
    /// <param name="chunks">The chunks of a point; one may occur many times.</param>
    /// <param name="done">Told the plain length of each chunk that was dealt with.</param>
    /// <param name="cancellationToken">Stops the copying.</param>
    public async Task<ChunkTransferResult> CopyAsync(IEnumerable<ChunkReference> chunks, Action<int> done, CancellationToken cancellationToken)
    {
        long count = 0;
        long bytes = 0;
        var damaged = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        var begun = new ChunkNameSet();
        var begunLater = new HashSet<ChunkReference>();

        // Unpacking and hashing keep a processor busy: each chunk on a thread of the pool, unless they go one by one anyway.
        await RequestWindow.ForEachAsync(
            Distinct(),
            chunksInFlight,
            (chunk, stop) => chunksInFlight == 1 ? CopyOneAsync(chunk, stop) : Task.Run(() => CopyOneAsync(chunk, stop), stop),
            cancellationToken).ConfigureAwait(false);
        return new ChunkTransferResult(count, bytes, [.. damaged.Keys.Order(StringComparer.Ordinal)]);

        async Task CopyOneAsync(ChunkReference chunk, CancellationToken stop)
        {
            if (_damaged.TryGetValue((chunk.Name, chunk.Generation), out string? known))
                damaged.TryAdd(known, 0);
            else if (await CopyAsync(chunk, stop).ConfigureAwait(false) is not { } stored)
                damaged.TryAdd(_damaged[(chunk.Name, chunk.Generation)], 0);
            else if (stored > 0)
            {
                Interlocked.Increment(ref count);
                Interlocked.Add(ref bytes, stored);
            }

            done(chunk.Length);
        }

        // Chunks that are there cost nothing here, so a point of which little is new goes by quickly.
        IEnumerable<ChunkReference> Distinct()
        {
            foreach (var chunk in chunks)
            {
                if (chunk.Generation == 0 ? begun.Contains(chunk.Name) : !begunLater.Add(chunk))
                {
                    done(chunk.Length);
                    continue;
                }

                if (chunk.Generation == 0)
                    begun.Add(chunk.Name);
                yield return chunk;
            }
        }
    }

    /// <returns>The bytes added to the destination, 0 if it had the chunk; <see langword="null"/> if the source's is damaged or missing.</returns>
    private async Task<int?> CopyAsync(ChunkReference chunk, CancellationToken cancellationToken)
    {
        if (await there.ContainsAsync(chunk.Name, chunk.Generation, cancellationToken).ConfigureAwait(false))
            return 0;
        string name = ObjectNames.Chunk(chunk.Name, chunk.Generation);
        using var stored = await ReadAsync(chunk, name, cancellationToken).ConfigureAwait(false)
            ?? await TryHealAsync(chunk, name, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            _damaged[(chunk.Name, chunk.Generation)] = name;
            return null;
        }

        bool created = await destination.Store.TryCreateAsync(name, stored.Memory, cancellationToken).ConfigureAwait(false);
        if (!created)
            await ThrowUnlessReadableAsync(chunk, name, cancellationToken).ConfigureAwait(false);
        there.Add(chunk.Name, chunk.Generation);
        return created ? stored.Memory.Length : 0;
    }

    /// <summary>A chunk that was doubtful and is there all the same: barred, so most likely damaged. Nothing is overwritten.</summary>
    private async Task ThrowUnlessReadableAsync(ChunkReference chunk, string name, CancellationToken cancellationToken)
    {
        using var plain = new PooledBuffer(chunk.Length);
        try
        {
            await new ChunkReader(destination).ReadAsync(chunk.Name, chunk.Generation, plain.Memory, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            throw CopyErrors.DestinationDamaged(name, destination.Info.Location, exception);
        }
    }

    /// <summary>The chunk from another generation that is whole, sealed anew for this name; <see langword="null"/> if there is none.</summary>
    private async Task<PooledBuffer?> TryHealAsync(ChunkReference chunk, string name, CancellationToken cancellationToken)
    {
        using var plain = new PooledBuffer(chunk.Length);
        try
        {
            await new ChunkReader(source).ReadAsync(chunk.Name, chunk.Generation, plain.Memory, cancellationToken).ConfigureAwait(false);
            return destination.Sealer.Seal(ObjectRole.Chunk, name, plain.Span);
        }
        catch (AzsException exception) when (exception.Kind is AzsErrorKind.DataDamaged or AzsErrorKind.StorageFailed)
        {
            // A store that failed as a whole was told by the first reading; this one object stays what that made of it.
            return null;
        }
    }

    /// <summary>The chunk as stored, if it is what its name says.</summary>
    private async Task<PooledBuffer?> ReadAsync(ChunkReference chunk, string name, CancellationToken cancellationToken)
    {
        PooledBuffer? stored = null;
        try
        {
            stored = await source.Store.FindAsync(name, source.Info.ChunkSize + ObjectSealer.Overhead, cancellationToken).ConfigureAwait(false);
            if (stored is null)
                return null;

            // Opening decrypts in place, and what is put must be what is stored.
            using var opened = new PooledBuffer(stored.Memory.Length);
            using var plain = new PooledBuffer(chunk.Length);
            stored.Span.CopyTo(opened.Span);
            source.Sealer.Open(ObjectRole.Chunk, name, opened.Span, plain.Span);
            if (source.Keys.NameChunk(plain.Span) == chunk.Name)
                return stored;
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            // Reported by the caller, with every point that needs it.
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.StorageFailed && stored is null)
        {
            // One object that can't be read, from a bad sector for example, is damage; a source that is gone is not.
            using var vault = await source.Store.FindAsync(ObjectNames.Vault, VaultDescription.MaximumLength, cancellationToken).ConfigureAwait(false)
                ?? throw VaultErrors.NotFound(source.Info.Location);
        }
        catch
        {
            stored?.Dispose();
            throw;
        }

        stored?.Dispose();
        return null;
    }
}
