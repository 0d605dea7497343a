using System.Runtime.InteropServices;

namespace AzsBackup.Engine.Disks;

/// <summary>
/// A buffer for one piece of a disk, on loan from a <see cref="TransferBudget"/>. It begins at a multiple of
/// <see cref="Alignment"/> in memory and does not move, so that files can be written from it past the system's cache.
/// </summary>
public sealed class PieceBuffer : IDisposable
{
    /// <summary>What its address is a multiple of, in bytes: the largest block of usual disks.</summary>
    public const int Alignment = 4096;

    private readonly TransferBudget _owner;
    private readonly int _start;
    private byte[]? _array;

    internal PieceBuffer(TransferBudget owner, byte[] array)
    {
        _owner = owner;
        _array = array;
        var beyond = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Alignment);
        _start = beyond == 0 ? 0 : Alignment - beyond;
    }

    /// <summary>The first <paramref name="length"/> bytes of it, at most a piece.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Memory<byte> Slice(int length)
    {
        ObjectDisposedException.ThrowIf(_array is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, TransferBudget.PieceLength);
        return MemoryMarshal.CreateFromPinnedArray(_array, _start, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array) _owner.Return(array);
    }

    internal static byte[] Allocate() => GC.AllocateUninitializedArray<byte>(TransferBudget.PieceLength + Alignment, pinned: true);
}
