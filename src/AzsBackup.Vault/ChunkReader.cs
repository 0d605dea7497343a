using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault;

/// <summary>
/// Reads chunks. A name is a hash of the content, so any generation of it that is whole is as good as the one asked for: a
/// damaged one is replaced by another (FORMAT.md §12).
/// </summary>
internal sealed class ChunkReader(VaultAccess access)
{
    /// <summary>Reads a chunk, from another generation if need be.</summary>
    /// <param name="name">The chunk.</param>
    /// <param name="generation">Where it should be.</param>
    /// <param name="destination">Exactly as long as the chunk. After a failure it holds zeros.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException"><c>ChunkMissing</c>, <c>ChunkDamaged</c> for the generation asked for, or a failure of the store.</exception>
    public async Task ReadAsync(ChunkName name, int generation, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            await ReadObjectAsync(name, generation, destination, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            if (!await TryReadOtherAsync(name, generation, destination, cancellationToken).ConfigureAwait(false))
                throw;
        }
    }

    /// <summary>Whether another generation of this chunk is whole.</summary>
    public async Task<bool> HasOtherAsync(ChunkName name, int generation, CancellationToken cancellationToken)
    {
        foreach (int other in await ListOthersAsync(name, generation, cancellationToken).ConfigureAwait(false))
        {
            string objectName = ObjectNames.Chunk(name, other);
            try
            {
                using var stored = await access.Store.FindAsync(objectName, access.Info.ChunkSize + ObjectSealer.Overhead, cancellationToken).ConfigureAwait(false);
                if (stored is null)
                    continue;
                using var plain = access.Sealer.Open(ObjectRole.Chunk, objectName, stored.Span);
                if (access.Keys.NameChunk(plain.Span) == name)
                    return true;
            }
            catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
            {
                // It does not stand in for anything; the verification that reads it says so.
            }
        }

        return false;
    }

    private async Task ReadObjectAsync(ChunkName name, int generation, Memory<byte> destination, CancellationToken cancellationToken)
    {
        access.ThrowIfDisposed();
        string objectName = ObjectNames.Chunk(name, generation);
        try
        {
            using var stored = await access.Store.FindAsync(objectName, access.Info.ChunkSize + ObjectSealer.Overhead, cancellationToken).ConfigureAwait(false)
                ?? throw VaultErrors.ChunkMissing(objectName);
            access.Sealer.Open(ObjectRole.Chunk, objectName, stored.Span, destination.Span);
            if (access.Keys.NameChunk(destination.Span) != name)
                throw VaultErrors.ChunkContentWrong(objectName);
        }
        catch (AzsException exception)
        {
            // Whoever ignores the failure must not find half a chunk, or another one.
            destination.Span.Clear();
            if (exception.ErrorId == "ObjectTooLong")
                throw VaultErrors.ChunkDamaged(objectName, "it is longer than a chunk can be.", exception);
            throw;
        }
    }

    private async Task<bool> TryReadOtherAsync(ChunkName name, int generation, Memory<byte> destination, CancellationToken cancellationToken)
    {
        foreach (int other in await ListOthersAsync(name, generation, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await ReadObjectAsync(name, other, destination, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
            {
                // The failure that counts is that of the generation asked for.
            }
        }

        return false;
    }

    private async Task<IReadOnlyList<int>> ListOthersAsync(ChunkName name, int generation, CancellationToken cancellationToken)
    {
        var others = new List<int>();
        await foreach (var stored in access.Store.ListAsync(MaintenanceNames.Generations(name), cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParseChunk(stored.Name, out var otherName, out int other) && otherName == name && other != generation)
                others.Add(other);
        }

        others.Sort();
        others.Reverse();
        return others;
    }
}
