using AzsBackup.Model;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>A store that fails from its n-th request on, until it is mended: all requests, or only those that need space or a right to write.</summary>
internal sealed class BreakingStore(IObjectStore inner, Func<AzsException> failure, bool readsToo) : IObjectStore
{
    private int _requests;
    private int _failsFrom;

    /// <summary>Counts requests from here; this one, from 1, and all after it fail.</summary>
    public void BreakAt(int request)
    {
        _requests = 0;
        _failsFrom = request;
    }

    public void Mend() => _failsFrom = 0;

    public string Location => inner.Location;

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Count(isWrite: true);
        return inner.TryCreateAsync(name, content, cancellationToken);
    }

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken)
    {
        Count(isWrite: false);
        return inner.FindAsync(name, maximumLength, cancellationToken);
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Count(isWrite: false);
        return inner.ListAsync(prefix, cancellationToken);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Count(isWrite: true);
        return inner.DeleteAsync(name, cancellationToken);
    }

    public Task FlushAsync(CancellationToken cancellationToken)
    {
        Count(isWrite: true);
        return inner.FlushAsync(cancellationToken);
    }

    private void Count(bool isWrite)
    {
        int request = Interlocked.Increment(ref _requests);
        if (_failsFrom > 0 && request >= _failsFrom && (isWrite || readsToo))
            throw failure();
    }
}
