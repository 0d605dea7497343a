using AzsBackup.Model;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>A store that may only be read.</summary>
internal sealed class ReadOnlyStore(IObjectStore inner) : IObjectStore
{
    public string Location => inner.Location;

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw Refusal();

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) =>
        inner.FindAsync(name, maximumLength, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw Refusal();

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static AzsException Refusal() => new(AzsErrorKind.PermissionDenied, "TestMayNotWrite", "May not write.", "Nothing; this is a test.");
}
