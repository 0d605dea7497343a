using System.Collections.Concurrent;
using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Runs;
using AzsBackup.Vault.Sessions;

namespace AzsBackup.Vault;

/// <summary>
/// Somebody writing to a vault. While its session object exists, nothing this session relies on is deleted. Chunks may be put
/// concurrently; several points may be published. Disposing ends the session; chunks that no point refers to by then are left to sweeping.
/// </summary>
public sealed class VaultSession : IAsyncDisposable
{
    private readonly VaultAccess _access;
    private readonly string _objectName;
    private readonly CondemnedChunks _condemned;
    private readonly KnownChunks _known;
    private readonly Heartbeat _heartbeat;
    private readonly ConcurrentDictionary<ChunkName, Task> _storing = new();
    private bool _disposed;

    private VaultSession(VaultAccess access, string id)
    {
        _access = access;
        Id = id;
        _objectName = ObjectNames.Session(id);
        _condemned = new CondemnedChunks(access);
        _known = new KnownChunks(access.Store, _condemned);
        _heartbeat = new Heartbeat(access, id);
    }

    /// <summary>Beats on its own; here for tests, which have their own time.</summary>
    internal Heartbeat Heartbeat => _heartbeat;

    /// <summary>The session's id: 32 hex digits.</summary>
    public string Id { get; }

    internal static async Task<VaultSession> BeginAsync(VaultAccess access, string purpose, CancellationToken cancellationToken)
    {
        access.ThrowIfDisposed();
        var session = new VaultSession(access, access.Runtime.Random.NewId());
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(
            new { sessionVersion = 1, purpose, startedAt = JsonTime.Write(access.Runtime.Time.GetUtcNow().UtcDateTime) });
        using var sealedContent = access.Sealer.Seal(ObjectRole.Session, session._objectName, content);
        await access.CreateAsync(session._objectName, sealedContent.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Only now: a list made before the session object was there is read here; who makes one later finds the session object.
            await session._condemned.LoadAsync(cancellationToken).ConfigureAwait(false);
            await session._condemned.LoadBarredAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        session._heartbeat.Start();
        access.Runtime.Process.Enter(session.Id);
        return session;
    }

    /// <summary>
    /// Makes sure that the vault holds a chunk. Hashing, packing and encrypting run on the calling thread before the first
    /// wait: call from as many workers as shall compute at the same time. Equal chunks put at the same time are stored once.
    /// </summary>
    /// <param name="plain">
    /// The chunk: as many bytes as the vault's chunk size, or fewer for the last one of a stream. Must not change until the call ends.
    /// </param>
    /// <param name="cancellationToken">Stops the putting; the chunk may be stored or not.</param>
    /// <returns>The reference to publish; <see cref="ChunkReference.BytesStored"/> tells what it cost.</returns>
    /// <exception cref="ArgumentException">The chunk is empty, or longer than a chunk of this vault.</exception>
    /// <exception cref="AzsException">A failure of the store.</exception>
    public async ValueTask<ChunkReference> PutChunkAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (plain.Length == 0 || plain.Length > _access.Info.ChunkSize)
            throw new ArgumentException($"A chunk of this vault has 1 to {_access.Info.ChunkSize} bytes, not {plain.Length}.", nameof(plain));
        if (!plain.Span.ContainsAnyExcept((byte)0))
            return ChunkReference.Zero;

        var name = _access.Keys.NameChunk(plain.Span);
        while (true)
        {
            if (await _known.FindGenerationAsync(name, cancellationToken).ConfigureAwait(false) is int generation)
                return new ChunkReference(name, generation, plain.Length, BytesStored: 0);

            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var storing = _storing.GetOrAdd(name, mine.Task);
            if (storing == mine.Task)
            {
                try
                {
                    return await StoreAsync(name, plain, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    _storing.TryRemove(name, out _);
                    mine.SetResult();
                }
            }

            // Whether the other call succeeded shows in the next round: if not, this one stores the chunk.
            await storing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether this session may rely on a chunk of an earlier point as it is. One that is missing, or that was condemned, is to
    /// be put again.
    /// </summary>
    /// <param name="chunk">The chunk, as an earlier point refers to it.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    public async ValueTask<bool> HoldsChunkAsync(ChunkReference chunk, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return chunk.IsZero || await _known.FindGenerationAsync(chunk.Name, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>
    /// Publishes a point: makes all chunks durable, then the indexes and documents, then writes the point's header, which makes
    /// it appear. If this fails or is cancelled, the point does not exist, except that a failure after the last write leaves a whole one.
    /// </summary>
    /// <param name="draft">The point.</param>
    /// <param name="cancellationToken">Stops the publishing.</param>
    /// <returns>The point's id.</returns>
    /// <exception cref="ArgumentException">The draft contradicts itself: names twice, chunks out of order, of wrong length or beyond the end.</exception>
    /// <exception cref="AzsException">
    /// <c>ChunkMissing</c> if the draft refers to a chunk that the vault does not hold; <c>SessionEnded</c> if nothing was heard of
    /// this session for so long that it was taken for dead; or a failure of the store.
    /// </exception>
    public Task<string> PublishAsync(PointDraft draft, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return new PointWriter(_access, Id, _known, _condemned).PublishAsync(draft, cancellationToken);
    }

    /// <summary>
    /// Says that this session is at work on an item, unless another one is. At most one session that lives is at work on an item
    /// at any time.
    /// </summary>
    /// <param name="source">The source, as it is published.</param>
    /// <param name="item">The item, as it is published.</param>
    /// <param name="cancellationToken">Stops the taking.</param>
    /// <returns>Where to write down what the run does, with what runs that died have left.</returns>
    /// <exception cref="AzsException"><c>ItemBusy</c> if another session is at work on it; or a failure of the store.</exception>
    public Task<RunJournal> BeginRunAsync(string source, string item, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        string folder = RunNames.ItemFolder(_access.Keys.NameSource(source), _access.Keys.NameItem(source, item));
        return new RunTurns(_access, folder, Id).TakeAsync(cancellationToken);
    }

    /// <summary>Ends the session: removes its object. Points stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _access.Runtime.Process.Leave(Id);
        await _heartbeat.DisposeAsync().ConfigureAwait(false);
        _known.Dispose();
        try
        {
            for (int beat = 1; beat <= _heartbeat.Beats; beat++)
                await _access.Store.DeleteAsync(ObjectNames.Beat(Id, beat), CancellationToken.None).ConfigureAwait(false);
            await _access.Store.DeleteAsync(_objectName, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AzsException)
        {
            await SayThatItIsOverAsync().ConfigureAwait(false);
        }
    }

    private async Task SayThatItIsOverAsync()
    {
        try
        {
            using var sealedEnd = _access.Sealer.Seal(ObjectRole.Session, ObjectNames.SessionEnd(Id), SessionCensus.EndedByWriter);
            await _access.Store.TryCreateAsync(ObjectNames.SessionEnd(Id), sealedEnd.Memory, CancellationToken.None).ConfigureAwait(false);
            await _access.Store.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (AzsException)
        {
            // The store is out of reach. A session object that stays behind only delays sweeping, and the failure that ended
            // the session is the one the user has to see.
        }
    }

    private async Task<ChunkReference> StoreAsync(ChunkName name, ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
    {
        // Another call may have stored it between the look and the claim.
        if (await _known.FindGenerationAsync(name, cancellationToken).ConfigureAwait(false) is int generation)
            return new ChunkReference(name, generation, plain.Length, BytesStored: 0);

        int next = _known.NextGeneration(name);
        string objectName = ObjectNames.Chunk(name, next);
        using var sealedChunk = _access.Sealer.Seal(ObjectRole.Chunk, objectName, plain.Span);
        bool created = await _access.Store.TryCreateAsync(objectName, sealedChunk.Memory, cancellationToken).ConfigureAwait(false);
        _known.Add(name, next);
        return new ChunkReference(name, next, plain.Length, created ? sealedChunk.Memory.Length : 0);
    }

    private void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _access.ThrowIfDisposed();
    }
}
