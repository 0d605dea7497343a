using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>A store in memory, whose bytes a test can look at and damage.</summary>
internal sealed class MemoryStore(TimeProvider? time = null, string location = "memory") : IObjectStore
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public ConcurrentDictionary<string, (byte[] Content, DateTime CreatedAt)> Objects { get; } = new(StringComparer.Ordinal);

    public string Location => location;

    public Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ObjectName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Objects.TryAdd(name, (content.ToArray(), _time.GetUtcNow().UtcDateTime)));
    }

    public Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken)
    {
        ObjectName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        if (!Objects.TryGetValue(name, out var found))
            return Task.FromResult<PooledBuffer?>(null);
        if (found.Content.Length > maximumLength)
            throw StoreErrors.TooLong(name, found.Content.Length, maximumLength);
        var buffer = new PooledBuffer(found.Content.Length);
        found.Content.CopyTo(buffer.Span);
        return Task.FromResult<PooledBuffer?>(buffer);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var (name, (content, createdAt)) in Objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                yield return new StoredObject(name, content.Length, createdAt);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        ObjectName.ThrowIfInvalid(name);
        Objects.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
