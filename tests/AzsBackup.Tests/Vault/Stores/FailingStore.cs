using AzsBackup.Model;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>A store that dies at its n-th change (create, delete or flush) and stays dead, before or after doing that change.</summary>
internal sealed class FailingStore(IObjectStore inner, int failingChange, bool doesItFirst = false) : IObjectStore
{
    private int _changes;

    public bool Failed => _changes >= failingChange;

    public string Location => inner.Location;

    public async Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        bool dies = Count();
        bool created = await inner.TryCreateAsync(name, content, cancellationToken);
        return dies ? throw Failure() : created;
    }

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) =>
        Failed ? throw Failure() : inner.FindAsync(name, maximumLength, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Failed ? throw Failure() : inner.ListAsync(prefix, cancellationToken);

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        bool dies = Count();
        await inner.DeleteAsync(name, cancellationToken);
        if (dies)
            throw Failure();
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        bool dies = Count();
        await inner.FlushAsync(cancellationToken);
        if (dies)
            throw Failure();
    }

    private static AzsException Failure() => new(AzsErrorKind.StorageFailed, "TestStoreDied", "The store died.", "Nothing; this is a test.");

    private bool Count()
    {
        int change = Interlocked.Increment(ref _changes);
        if (change > failingChange || (change == failingChange && !doesItFirst))
            throw Failure();
        return change == failingChange;
    }
}
