using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Sessions;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Verification;

/// <summary>
/// Brings objects back from a copy of the vault. Nothing is overwritten: what is damaged is deleted and created anew, or, where
/// nothing may be deleted, a chunk is stored as its next generation (FORMAT.md §12).
/// </summary>
/// <param name="access">The vault to repair.</param>
/// <param name="copy">The copy.</param>
internal sealed class VaultRepair(VaultAccess access, VaultAccess copy)
{
    /// <summary>Checks that the copy can help.</summary>
    /// <exception cref="AzsException"><c>RepairSourceWrong</c>.</exception>
    public void ThrowUnlessPossible()
    {
        bool same = access.Info.Id == copy.Info.Id;
        if (!same && (access.Info.Encrypted || copy.Info.Encrypted))
            throw VaultErrors.RepairSourceWrong(copy.Info.Location, access.Info.Location);
    }

    /// <summary>Stores a chunk again, from the copy.</summary>
    /// <returns>Whether the chunk can be read again.</returns>
    public async Task<bool> TryRepairChunkAsync(ChunkName name, int generation, bool isThere, CancellationToken cancellationToken)
    {
        using var plain = await FindPlainAsync(name, cancellationToken).ConfigureAwait(false);
        if (plain is null)
            return false;
        if (isThere && !await TryDeleteAsync(ObjectNames.Chunk(name, generation), cancellationToken).ConfigureAwait(false))
            generation = await FindNextAsync(name, cancellationToken).ConfigureAwait(false);
        string objectName = ObjectNames.Chunk(name, generation);
        using var content = access.Sealer.Seal(ObjectRole.Chunk, objectName, plain.Span);
        await access.Store.TryCreateAsync(objectName, content.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Brings another object back, as the copy holds it.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="isThere">Whether something lies under this name.</param>
    /// <param name="isRight">Whether an object with these bytes would be right; may change them.</param>
    /// <param name="cancellationToken">Stops the repair; the object may be missing then, and the next repair brings it back.</param>
    public async Task<bool> TryRepairAsync(string name, bool isThere, Func<PooledBuffer, bool> isRight, CancellationToken cancellationToken)
    {
        byte[] content;
        try
        {
            using var stored = await copy.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
            if (stored is null)
                return false;
            content = stored.Memory.ToArray();
            if (!isRight(stored))
                return false;
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return false;
        }

        if (isThere && !await TryDeleteAsync(name, cancellationToken).ConfigureAwait(false))
            return false;
        await access.Store.TryCreateAsync(name, content, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The chunk's bytes, from any whole generation of it that the copy holds.</summary>
    private async Task<PooledBuffer?> FindPlainAsync(ChunkName name, CancellationToken cancellationToken)
    {
        await foreach (var stored in copy.Store.ListAsync(MaintenanceNames.Generations(name), cancellationToken).ConfigureAwait(false))
        {
            if (!ObjectNames.TryParseChunk(stored.Name, out var found, out _) || found != name)
                continue;
            try
            {
                using var sealedChunk = await copy.Store.FindAsync(stored.Name, VaultOptions.MaximumChunkSize + ObjectSealer.Overhead, cancellationToken).ConfigureAwait(false);
                if (sealedChunk is null)
                    continue;
                var plain = copy.Sealer.Open(ObjectRole.Chunk, stored.Name, sealedChunk.Span);
                if (plain.Memory.Length <= access.Info.ChunkSize && access.Keys.NameChunk(plain.Span) == name)
                    return plain;
                plain.Dispose();
            }
            catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
            {
                // Another generation may be whole.
            }
        }

        return null;
    }

    /// <summary>A generation that nobody has stored and nobody is about to delete.</summary>
    private async Task<int> FindNextAsync(ChunkName name, CancellationToken cancellationToken)
    {
        var condemned = new CondemnedChunks(access);
        await condemned.LoadAsync(cancellationToken).ConfigureAwait(false);
        int greatest = condemned.GreatestGeneration(name);
        await foreach (var stored in access.Store.ListAsync(MaintenanceNames.Generations(name), cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParseChunk(stored.Name, out _, out int generation))
                greatest = Math.Max(greatest, generation);
        }

        return greatest + 1;
    }

    private async Task<bool> TryDeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.PermissionDenied)
        {
            return false;
        }
    }
}
