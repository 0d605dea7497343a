using System.Collections;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>Some of a disk's chunks: a bit each, so that a disk of any size fits. Not safe for concurrent changes.</summary>
public sealed class ChunkSet
{
    private readonly BitArray _bits;
    private readonly long _diskLength;
    private readonly int _chunkSize;

    /// <summary>Makes an empty set.</summary>
    /// <param name="diskLength">The disk's length in bytes.</param>
    /// <param name="chunkSize">The chunk size in bytes.</param>
    public ChunkSet(long diskLength, int chunkSize)
    {
        _diskLength = diskLength;
        _chunkSize = chunkSize;
        _bits = new BitArray(checked((int)((diskLength + chunkSize - 1) / chunkSize)));
    }

    /// <summary>How many chunks are in it.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers of the chunks in it, ascending.</summary>
    public IEnumerable<int> Numbers
    {
        get
        {
            for (var number = 0; number < _bits.Length; number++)
            {
                if (_bits[number]) yield return number;
            }
        }
    }

    /// <summary>Whether a chunk is in it.</summary>
    public bool Contains(long number) => _bits[(int)number];

    /// <summary>Adds a chunk.</summary>
    public void Add(long number)
    {
        if (_bits[(int)number]) return;
        _bits[(int)number] = true;
        Count++;
    }

    /// <summary>Adds every chunk that a range touches.</summary>
    public void Add(ByteRange range)
    {
        var last = Math.Min(range.End, _diskLength);
        for (var number = range.Offset / _chunkSize; number * _chunkSize < last; number++) Add(number);
    }

    /// <summary>The chunks as ranges of the disk, ascending, neighbours joined.</summary>
    public IEnumerable<ByteRange> ToRanges() => RangeSet.Merge(Numbers.Select(number =>
    {
        var offset = (long)number * _chunkSize;
        return new ByteRange(offset, Math.Min(_chunkSize, _diskLength - offset));
    }));
}
