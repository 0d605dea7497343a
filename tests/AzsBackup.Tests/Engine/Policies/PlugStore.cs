using AzsBackup.Model;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Engine.Policies;

/// <summary>A store that a process has until its plug is pulled: from then on nothing it does arrives.</summary>
internal sealed class PlugStore(IObjectStore inner) : IObjectStore
{
    private volatile bool _isPulled;

    public string Location => inner.Location;

    public void Pull() => _isPulled = true;

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Plugged().TryCreateAsync(name, content, cancellationToken);

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken) => Plugged().FindAsync(name, maximumLength, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => Plugged().ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Plugged().DeleteAsync(name, cancellationToken);

    public Task FlushAsync(CancellationToken cancellationToken) => Plugged().FlushAsync(cancellationToken);

    private IObjectStore Plugged() => _isPulled ? throw new AzsException(AzsErrorKind.StorageFailed, "Pulled", "The plug was pulled.", "None.") : inner;
}
