using System.Buffers;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Mounting;

/// <summary>
/// Chunks read lately, shared by all that read points at random: a chunk wanted by several at once is read once, and those not
/// used for longest go first. Holds no more than its capacity, but for chunks on loan at the moment. Safe for concurrent use.
/// </summary>
public sealed class ChunkCache : IDisposable
{
    private const int FetchesAtOnce = 16;

    private readonly object _gate = new();
    private readonly Dictionary<(object Owner, ChunkName Name), Entry> _entries = [];
    private readonly LinkedList<Entry> _idle = new();
    private readonly SemaphoreSlim _fetches = new(FetchesAtOnce);
    private readonly long _capacity;
    private long _held;

    /// <summary>Makes a cache.</summary>
    /// <param name="capacity">How many bytes of chunks it keeps.</param>
    public ChunkCache(long capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _capacity = capacity;
    }

    /// <summary>How many bytes of chunks it holds now, those on loan included.</summary>
    public long BytesHeld
    {
        get
        {
            lock (_gate) return _held;
        }
    }

    /// <summary>Lends a chunk, and fetches it before if need be. A fetch under way goes on when who asked for it has left.</summary>
    /// <param name="owner">The vault it is of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="fetch">Reads it into memory of this length, and fails if it is not right. The failure is not kept: the next one who asks tries again.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The chunk; dispose it soon.</returns>
    public async ValueTask<IMemoryOwner<byte>> LeaseAsync(
        object owner, ChunkName name, int length, Func<Memory<byte>, Task> fetch, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (_gate)
        {
            if (_entries.TryGetValue((owner, name), out entry))
            {
                entry.Leases++;
                if (entry.Place.List is not null) _idle.Remove(entry.Place);
            }
            else
            {
                // One lease for who asks, one for the fetch.
                entry = new Entry((owner, name), length) { Leases = 2 };
                _entries.Add(entry.Key, entry);
                _held += length;
                Evict();
                entry.Fetched = Task.Run(() => FetchAsync(entry, fetch), CancellationToken.None);
            }
        }

        try
        {
            await entry.Fetched.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Lease(this, entry);
        }
        catch
        {
            Release(entry);
            throw;
        }
    }

    /// <summary>Forgets the chunks of a vault that nobody has on loan.</summary>
    public void Forget(object owner)
    {
        lock (_gate)
        {
            foreach (var entry in _idle.Where(entry => ReferenceEquals(entry.Key.Owner, owner)).ToList()) Drop(entry);
        }
    }

    /// <summary>Gives back what the cache holds; nobody may use it any more.</summary>
    public void Dispose() => _fetches.Dispose();

    private async Task FetchAsync(Entry entry, Func<Memory<byte>, Task> fetch)
    {
        await _fetches.WaitAsync().ConfigureAwait(false);
        try
        {
            entry.Array = ArrayPool<byte>.Shared.Rent(entry.Length);
            await fetch(entry.Array.AsMemory(0, entry.Length)).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                entry.Failed = true;
                _entries.Remove(entry.Key);
            }

            throw;
        }
        finally
        {
            _fetches.Release();
            Release(entry);
        }
    }

    private void Release(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Leases > 0) return;
            if (entry.Failed)
            {
                GiveBack(entry);
                return;
            }

            _idle.AddLast(entry.Place);
            Evict();
        }
    }

    private void Evict()
    {
        while (_held > _capacity && _idle.First is { } oldest) Drop(oldest.Value);
    }

    private void Drop(Entry entry)
    {
        _idle.Remove(entry.Place);
        _entries.Remove(entry.Key);
        GiveBack(entry);
    }

    private void GiveBack(Entry entry)
    {
        _held -= entry.Length;
        if (entry.Array is { } array) ArrayPool<byte>.Shared.Return(array);
        entry.Array = null;
    }

    private sealed class Entry
    {
        public Entry((object Owner, ChunkName Name) key, int length)
        {
            Key = key;
            Length = length;
            Place = new LinkedListNode<Entry>(this);
        }

        public (object Owner, ChunkName Name) Key { get; }

        public int Length { get; }

        public LinkedListNode<Entry> Place { get; }

        public int Leases { get; set; }

        public bool Failed { get; set; }

        public byte[]? Array { get; set; }

        public Task Fetched { get; set; } = Task.CompletedTask;
    }

    private sealed class Lease(ChunkCache cache, Entry entry) : IMemoryOwner<byte>
    {
        private int _disposed;

        public Memory<byte> Memory => entry.Array.AsMemory(0, entry.Length);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) cache.Release(entry);
        }
    }
}
