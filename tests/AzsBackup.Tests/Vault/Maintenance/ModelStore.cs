using System.Runtime.CompilerServices;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Maintenance;

/// <summary>
/// The store as one process sees it: others see what it created only after its flush, or before by chance; a listing takes
/// several steps, and what is created or deleted meanwhile appears or not; two may be told that they created one name.
/// </summary>
internal sealed class ModelStore(ModelWorld world) : IObjectStore
{
    private readonly Dictionary<string, (byte[] Content, DateTime CreatedAt)> _pending = new(StringComparer.Ordinal);

    public string Location => "model";

    public int SleepsUntil { get; set; }

    public bool Dead { get; private set; }

    /// <summary>Ends the process: what was not flushed is stored or lost, each by chance.</summary>
    public void Die()
    {
        Dead = true;
        foreach (string name in _pending.Keys.Where(_ => world.Chance(2)).ToList())
            Name(name);
        _pending.Clear();
    }

    public async Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ObjectName.ThrowIfInvalid(name);
        await world.TurnAsync(this);
        if (_pending.ContainsKey(name) || world.Objects.ContainsKey(name))
            return false;
        _pending.Add(name, (content.ToArray(), world.Now));
        if (world.Chance(3))
            Name(name);
        return true;
    }

    public async Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken)
    {
        await world.TurnAsync(this);
        if (!_pending.TryGetValue(name, out var stored) && !world.Objects.TryGetValue(name, out stored))
            return null;
        var buffer = new PooledBuffer(stored.Content.Length);
        stored.Content.CopyTo(buffer.Span);
        return buffer;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await world.TurnAsync(this);
        string[] there = [.. _pending.Keys.Union(world.Objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        world.Random.Shuffle(there);
        var found = new List<StoredObject>();
        for (int i = 0; i < there.Length; i++)
        {
            if (i % 16 == 15)
                await world.TurnAsync(this);
            if (_pending.TryGetValue(there[i], out var stored) || world.Objects.TryGetValue(there[i], out stored))
                found.Add(new StoredObject(there[i], stored.Content.Length, stored.CreatedAt));
        }

        foreach (string name in world.Objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Except(there).Where(_ => world.Chance(2)))
            found.Add(new StoredObject(name, world.Objects[name].Content.Length, world.Objects[name].CreatedAt));
        foreach (var stored in found)
            yield return stored;
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await world.TurnAsync(this);
        if (_pending.ContainsKey(name))
            Name(name);
        world.Remove(name);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await world.TurnAsync(this);
        foreach (string name in _pending.Keys.ToList())
            Name(name);
    }

    private void Name(string name)
    {
        if (_pending.Remove(name, out var stored) && !world.Objects.ContainsKey(name))
            world.Put(name, stored.Content, stored.CreatedAt);
    }
}
