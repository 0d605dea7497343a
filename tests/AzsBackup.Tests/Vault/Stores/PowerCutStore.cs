using AzsBackup.Model;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>A store whose power is cut at its n-th change: of what was created since the last flush, only some remains, in no order.</summary>
internal sealed class PowerCutStore(MemoryStore inner, int fatalChange, int seed) : IObjectStore
{
    // Not System.Random: its sequences for neighbouring seeds are alike, and so the same objects would always survive.
    private readonly TestRandom _random = new(seed);
    private readonly List<string> _unflushed = [];
    private int _changes;

    public bool Failed => _changes >= fatalChange;

    public string Location => inner.Location;

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        lock (_unflushed)
        {
            _unflushed.Add(name);
            bool created = inner.TryCreateAsync(name, content, cancellationToken).GetAwaiter().GetResult();
            if (!created)
                _unflushed.Remove(name);
            CutIfDue();
            return Task.FromResult(created);
        }
    }

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) =>
        Failed ? throw Failure() : inner.FindAsync(name, maximumLength, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Failed ? throw Failure() : inner.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        lock (_unflushed)
        {
            CutIfDue();
            return inner.DeleteAsync(name, cancellationToken);
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_unflushed)
        {
            CutIfDue();
            _unflushed.Clear();
            return Task.CompletedTask;
        }
    }

    private static AzsException Failure() => new(AzsErrorKind.StorageFailed, "TestStoreDied", "The power was cut.", "Nothing; this is a test.");

    private void CutIfDue()
    {
        if (++_changes < fatalChange)
            return;
        Span<byte> chance = stackalloc byte[1];
        foreach (string name in _unflushed)
        {
            _random.Fill(chance);
            if (chance[0] % 2 == 0)
                inner.Objects.TryRemove(name, out _);
        }

        _unflushed.Clear();
        throw Failure();
    }
}
