using System.Buffers.Binary;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Format;

/// <summary>One page of a stream's index (FORMAT.md §6): which chunks hold 65,536 consecutive pieces of the stream.</summary>
internal sealed class IndexPage
{
    public const int Span = 1 << 16;

    private const int HeaderLength = 32;
    private const byte Version = 1;

    private readonly ushort[] _offsets;
    private readonly byte[] _names;
    private readonly Dictionary<int, int> _generations;

    private IndexPage(int page, ushort[] offsets, byte[] names, Dictionary<int, int> generations)
    {
        Page = page;
        _offsets = offsets;
        _names = names;
        _generations = generations;
    }

    private static ReadOnlySpan<byte> Magic => "AZIX"u8;

    public int Page { get; }

    public int Count => _offsets.Length;

    /// <summary>The position of this chunk number in the page; negative if it is not there.</summary>
    public int PositionOf(long number) => Array.BinarySearch(_offsets, (ushort)(number - (long)Page * Span));

    public long NumberAt(int position) => (long)Page * Span + _offsets[position];

    public (ChunkName Name, int Generation) ChunkAt(int position) =>
        (new ChunkName(_names.AsSpan(position * ChunkName.Length, ChunkName.Length)), _generations.GetValueOrDefault(position));

    /// <summary>Writes a page of these chunks, which lie in it and ascend.</summary>
    public static PooledBuffer Write(int page, int chunkSize, long streamLength, IReadOnlyList<StreamChunk> chunks)
    {
        int later = chunks.Count(chunk => chunk.Chunk.Generation != 0);
        var buffer = new PooledBuffer(HeaderLength + (4 + ChunkName.Length) * chunks.Count + 4 + 8 * later);
        var space = buffer.Span;
        Magic.CopyTo(space);
        space[4] = Version;
        space[5] = ChunkName.Length;
        space[6] = space[7] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(space[8..], chunkSize);
        BinaryPrimitives.WriteInt32LittleEndian(space[12..], chunks.Count);
        BinaryPrimitives.WriteInt64LittleEndian(space[16..], (long)page * Span);
        BinaryPrimitives.WriteInt64LittleEndian(space[24..], streamLength);
        var offsets = space[HeaderLength..];
        var names = offsets[(4 * chunks.Count)..];
        var generations = names[(ChunkName.Length * chunks.Count)..];
        BinaryPrimitives.WriteInt32LittleEndian(generations, later);
        generations = generations[4..];
        for (int i = 0; i < chunks.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(offsets[(4 * i)..], (int)(chunks[i].Number - (long)page * Span));
            chunks[i].Chunk.Name.CopyTo(names[(ChunkName.Length * i)..]);
            if (chunks[i].Chunk.Generation == 0)
                continue;
            BinaryPrimitives.WriteInt32LittleEndian(generations, i);
            BinaryPrimitives.WriteInt32LittleEndian(generations[4..], chunks[i].Chunk.Generation);
            generations = generations[8..];
        }

        return buffer;
    }

    /// <summary>Reads a page of a stream whose length is known from the page alone; <see langword="null"/> if the bytes are no such page.</summary>
    public static IndexPage? Read(ReadOnlySpan<byte> content, int page, int chunkSize) =>
        content.Length < HeaderLength ? null : Read(content, page, chunkSize, BinaryPrimitives.ReadInt64LittleEndian(content[24..]));

    /// <summary>Reads a page; <see langword="null"/> if the bytes are not exactly this page of a stream of this length.</summary>
    public static IndexPage? Read(ReadOnlySpan<byte> content, int page, int chunkSize, long streamLength)
    {
        if (content.Length < HeaderLength + 4 || !content.StartsWith(Magic) || content[4] != Version || content[5] != ChunkName.Length
            || content[6] != 0 || content[7] != 0
            || BinaryPrimitives.ReadInt32LittleEndian(content[8..]) != chunkSize
            || BinaryPrimitives.ReadInt64LittleEndian(content[16..]) != (long)page * Span
            || BinaryPrimitives.ReadInt64LittleEndian(content[24..]) != streamLength)
        {
            return null;
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(content[12..]);
        if (count is < 1 or > Span || streamLength < 1)
            return null;
        int nameStart = HeaderLength + 4 * count;
        int generationStart = nameStart + ChunkName.Length * count;
        if (content.Length < generationStart + 4)
            return null;
        int later = BinaryPrimitives.ReadInt32LittleEndian(content[generationStart..]);
        if (later < 0 || later > count || content.Length != generationStart + 4 + 8 * later)
            return null;

        ushort[] offsets = new ushort[count];
        long previous = -1;
        for (int i = 0; i < count; i++)
        {
            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(content[(HeaderLength + 4 * i)..]);
            if (offset <= previous || offset >= Span || (long)page * Span + offset > (streamLength - 1) / chunkSize)
                return null;
            offsets[i] = (ushort)offset;
            previous = offset;
        }

        var generations = new Dictionary<int, int>(later);
        previous = -1;
        for (var rest = content[(generationStart + 4)..]; rest.Length > 0; rest = rest[8..])
        {
            int position = BinaryPrimitives.ReadInt32LittleEndian(rest);
            int generation = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            if (position <= previous || position >= count || generation < 1)
                return null;
            generations.Add(position, generation);
            previous = position;
        }

        return new IndexPage(page, offsets, content[nameStart..generationStart].ToArray(), generations);
    }
}
