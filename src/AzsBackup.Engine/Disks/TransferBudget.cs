namespace AzsBackup.Engine.Disks;

/// <summary>
/// The memory all transfers of this process share: each piece in flight holds a part of it, so that many VMs at once need no
/// more than one. Safe for concurrent use.
/// </summary>
public sealed class TransferBudget : IDisposable
{
    /// <summary>The longest piece of a disk read or written at once, in bytes: what one request to a page blob may carry.</summary>
    public const int PieceLength = 4 << 20;

    private readonly SemaphoreSlim _pieces;

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
        return new PieceBuffer(_pieces);
    }

    /// <inheritdoc/>
    public void Dispose() => _pieces.Dispose();
}
