using AzsBackup.Vault.Format;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault;

/// <summary>What sessions and readers of one opened vault share.</summary>
internal sealed class VaultAccess(IObjectStore store, VaultInfo info, VaultKeys keys, KeySlot? openedBy, VaultRuntime runtime) : IDisposable
{
    private bool _disposed;

    public IObjectStore Store { get; } = store;

    public VaultInfo Info { get; } = info;

    public VaultKeys Keys { get; } = keys;

    /// <summary>The key slot that opened the vault; <see langword="null"/> without encryption.</summary>
    public KeySlot? OpenedBy { get; } = openedBy;

    public VaultRuntime Runtime { get; } = runtime;

    public ObjectSealer Sealer { get; } = new(keys, runtime.Random);

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, typeof(BackupVault));

    /// <summary>Reads and opens an object that is no chunk; <see langword="null"/> if it does not exist.</summary>
    public async Task<PooledBuffer?> FindAsync(ObjectRole role, string name, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        using var stored = await FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
        return stored is null ? null : Sealer.Open(role, name, stored.Span);
    }

    /// <summary>Reads an object that is no chunk, as stored.</summary>
    public Task<PooledBuffer?> FindSealedAsync(string name, CancellationToken cancellationToken) =>
        Store.FindAsync(name, ObjectSealer.MaximumContent + ObjectSealer.Overhead, cancellationToken);

    /// <summary>
    /// Creates an object that only this caller writes. If the store says that it exists, the reason may be a retry of a
    /// creation whose answer was lost: then it has these very bytes.
    /// </summary>
    public async Task CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (await Store.TryCreateAsync(name, content, cancellationToken).ConfigureAwait(false))
            return;
        using var stored = await FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
        if (stored is null || !stored.Span.SequenceEqual(content.Span))
            throw VaultErrors.WriteConflict(name);
    }

    public void Dispose()
    {
        _disposed = true;
        Keys.Dispose();
        Sealer.Dispose();
    }
}
