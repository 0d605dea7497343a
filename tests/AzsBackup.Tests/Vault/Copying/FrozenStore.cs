using System.Runtime.CompilerServices;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Copying;

/// <summary>A store that nobody writes to, and that answers at once on the caller's thread.</summary>
internal sealed class FrozenStore(MemoryStore inner) : IObjectStore
{
    public string Location => "frozen";

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) => inner.FindAsync(name, maximumLength, cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (name, (content, createdAt)) in inner.Objects.OrderBy(stored => stored.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                yield return new StoredObject(name, content.Length, createdAt);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task FlushAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
