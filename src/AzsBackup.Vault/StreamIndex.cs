using AzsBackup.Vault.Format;

namespace AzsBackup.Vault;

/// <summary>Where the bytes of a stream are. Holds only what is stored: a terabyte of zeros costs nothing.</summary>
public sealed class StreamIndex
{
    private readonly IReadOnlyList<IndexPage> _pages;
    private readonly Dictionary<long, IndexPage> _pageByNumber;

    internal StreamIndex(string name, long length, int chunkSize, IReadOnlyList<IndexPage> pages)
    {
        Name = name;
        Length = length;
        ChunkSize = chunkSize;
        _pages = pages;
        _pageByNumber = pages.ToDictionary(page => (long)page.Page);
        StoredChunks = pages.Sum(page => (long)page.Count);
    }

    /// <summary>The stream's name.</summary>
    public string Name { get; }

    /// <summary>The stream's length in bytes.</summary>
    public long Length { get; }

    /// <summary>The size of all chunks but the last one, in bytes.</summary>
    public int ChunkSize { get; }

    /// <summary>How many chunks the stream is cut into, zeros included.</summary>
    public long ChunkCount => (Length + ChunkSize - 1) / ChunkSize;

    /// <summary>How many of them are not zeros.</summary>
    public long StoredChunks { get; }

    /// <summary>The chunks that are not zeros, in ascending order. Costs time by their count, not by the stream's length.</summary>
    public IEnumerable<StreamChunk> Chunks
    {
        get
        {
            foreach (var page in _pages)
            {
                for (int i = 0; i < page.Count; i++)
                {
                    long number = page.NumberAt(i);
                    yield return new StreamChunk(number, At(page, i, number));
                }
            }
        }
    }

    /// <summary>The chunk with this number; <see cref="ChunkReference.Zero"/> if it is zeros.</summary>
    /// <param name="number">Offset in the stream divided by <see cref="ChunkSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stream has no such chunk.</exception>
    public ChunkReference Find(long number)
    {
        int length = LengthOf(number);
        if (!_pageByNumber.TryGetValue(number / IndexPage.Span, out var page) || page.PositionOf(number) is not (>= 0 and var position))
            return ChunkReference.Zero;
        var (name, generation) = page.ChunkAt(position);
        return new ChunkReference(name, generation, length, BytesStored: 0);
    }

    /// <summary>How many bytes the chunk with this number has: <see cref="ChunkSize"/>, or less if it is the last one.</summary>
    /// <param name="number">Offset in the stream divided by <see cref="ChunkSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stream has no such chunk.</exception>
    public int LengthOf(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, ChunkCount);
        return (int)Math.Min(ChunkSize, Length - number * ChunkSize);
    }

    private ChunkReference At(IndexPage page, int position, long number)
    {
        var (name, generation) = page.ChunkAt(position);
        return new ChunkReference(name, generation, LengthOf(number), BytesStored: 0);
    }
}
