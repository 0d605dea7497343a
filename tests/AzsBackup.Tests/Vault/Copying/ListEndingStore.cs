using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Copying;

/// <summary>Counts the condemned lists that are deleted through it.</summary>
internal sealed class ListEndingStore(IObjectStore inner, Action counted) : IObjectStore
{
    public string Location => inner.Location;

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.TryCreateAsync(name, content, cancellationToken);

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) => inner.FindAsync(name, maximumLength, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Split('/') is ["condemned", { Length: 32 }])
            counted();
        return inner.DeleteAsync(name, cancellationToken);
    }

    public Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
