using System.Buffers;

namespace AzsBackup.Vault.Stores;

/// <summary>Bytes in an array lent by the shared pool, so that a chunk leaves no garbage behind. Whoever gets one disposes of it, once nobody reads it any more.</summary>
public sealed class PooledBuffer : IMemoryOwner<byte>
{
    private byte[]? _array;
    private int _length;

    /// <summary>Borrows memory; its content is undefined.</summary>
    /// <param name="length">How many bytes <see cref="Memory"/> shall have.</param>
    public PooledBuffer(int length)
    {
        _array = ArrayPool<byte>.Shared.Rent(length);
        _length = length;
    }

    /// <summary>The bytes, exactly as many as there are.</summary>
    /// <exception cref="ObjectDisposedException">The array was given back.</exception>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_array is null, this);
            return _array.AsMemory(0, _length);
        }
    }

    /// <summary>The bytes, as <see cref="Memory"/>.</summary>
    public Span<byte> Span => Memory.Span;

    /// <summary>Shortens the content; the array stays.</summary>
    /// <param name="length">The new length in bytes, no greater than the old one.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        _length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
            ArrayPool<byte>.Shared.Return(array);
    }
}
