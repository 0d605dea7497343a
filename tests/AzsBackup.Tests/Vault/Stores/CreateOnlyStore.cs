using AzsBackup.Model;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>A store of which nothing may be deleted.</summary>
internal sealed class CreateOnlyStore(IObjectStore inner) : IObjectStore
{
    public string Location => inner.Location;

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.TryCreateAsync(name, content, cancellationToken);

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) =>
        inner.FindAsync(name, maximumLength, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        throw new AzsException(AzsErrorKind.PermissionDenied, "TestMayNotDelete", "May not delete.", "Nothing; this is a test.");

    public Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
