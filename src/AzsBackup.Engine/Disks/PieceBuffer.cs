using System.Buffers;

namespace AzsBackup.Engine.Disks;

/// <summary>A pooled buffer for one piece of a disk, on loan from a <see cref="TransferBudget"/>.</summary>
public sealed class PieceBuffer : IDisposable
{
    private readonly SemaphoreSlim _owner;
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(TransferBudget.PieceLength);

    internal PieceBuffer(SemaphoreSlim owner) => _owner = owner;

    /// <summary>The first <paramref name="length"/> bytes of it.</summary>
    public Memory<byte> Slice(int length) => _array.AsMemory(0, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is not { } array) return;
        ArrayPool<byte>.Shared.Return(array);
        _owner.Release();
    }
}
