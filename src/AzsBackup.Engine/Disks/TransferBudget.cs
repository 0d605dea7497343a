using System.Collections.Concurrent;

namespace AzsBackup.Engine.Disks;

/// <summary>
/// The memory all transfers of this process share: each piece in flight holds a part of it, so that many VMs at once need no
/// more than one. Safe for concurrent use.
/// </summary>
public sealed class TransferBudget : IDisposable
{
    /// <summary>The longest piece of a disk read or written at once, in bytes: what one request to a page blob may carry.</summary>
    public const int PieceLength = 4 << 20;

    /// <summary>Buffers kept while nothing is transferred; the others are let go, so that an idle session does not hold the whole budget.</summary>
    private const int KeptWhenIdle = 4;

    private readonly SemaphoreSlim _pieces;
    private readonly ConcurrentBag<byte[]> _free = [];
    private int _lent;

    /// <summary>Makes a budget.</summary>
    /// <param name="bytes">How much memory buffers may take; at least one piece.</param>
    public TransferBudget(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, PieceLength);
        _pieces = new SemaphoreSlim((int)(bytes / PieceLength));
    }

    /// <summary>Waits for a piece's worth of memory and gives a buffer of <see cref="PieceLength"/> bytes; dispose it to give it back.</summary>
    public async ValueTask<PieceBuffer> TakeAsync(CancellationToken cancellationToken)
    {
        await _pieces.WaitAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _lent);
        return new PieceBuffer(this, _free.TryTake(out var array) ? array : PieceBuffer.Allocate());
    }

    /// <inheritdoc/>
    public void Dispose() => _pieces.Dispose();

    internal void Return(byte[] array)
    {
        _free.Add(array);
        if (Interlocked.Decrement(ref _lent) == 0)
        {
            while (_free.Count > KeptWhenIdle && _free.TryTake(out _))
            {
                // What is taken out is the collector's.
            }
        }

        _pieces.Release();
    }
}
