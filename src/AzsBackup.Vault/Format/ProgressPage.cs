using System.Buffers.Binary;

namespace AzsBackup.Vault.Format;

/// <summary>Which chunks of a stream a run has put (FORMAT.md §13). A reader counts them as nothing more than a hint where to look.</summary>
internal sealed record ProgressPage(int Stream, long Length, IReadOnlyList<StreamChunk> Chunks)
{
    /// <summary>The most chunks of a page.</summary>
    public const int MaximumEntries = 1 << 18;

    private const int HeaderLength = 32;
    private const int Entry = 12 + ChunkName.Length;
    private const int MaximumStreams = 1 << 16;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "AZRP"u8;

    public byte[] Write(int chunkSize)
    {
        byte[] content = new byte[HeaderLength + (Entry * Chunks.Count)];
        var space = content.AsSpan();
        Magic.CopyTo(space);
        space[4] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(space[8..], chunkSize);
        BinaryPrimitives.WriteInt32LittleEndian(space[12..], Chunks.Count);
        BinaryPrimitives.WriteInt32LittleEndian(space[16..], Stream);
        BinaryPrimitives.WriteInt64LittleEndian(space[24..], Length);
        space = space[HeaderLength..];
        foreach (var chunk in Chunks)
        {
            BinaryPrimitives.WriteInt64LittleEndian(space, chunk.Number);
            BinaryPrimitives.WriteInt32LittleEndian(space[8..], chunk.Chunk.Generation);
            chunk.Chunk.Name.CopyTo(space[12..]);
            space = space[Entry..];
        }

        return content;
    }

    /// <summary>Reads a page; <see langword="null"/> if the bytes are none of a vault of this chunk size.</summary>
    public static ProgressPage? Read(ReadOnlySpan<byte> content, int chunkSize)
    {
        if (content.Length < HeaderLength || !content.StartsWith(Magic) || content[4] != Version || content[5..8].ContainsAnyExcept((byte)0)
            || content[20..24].ContainsAnyExcept((byte)0) || BinaryPrimitives.ReadInt32LittleEndian(content[8..]) != chunkSize)
        {
            return null;
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(content[12..]);
        int stream = BinaryPrimitives.ReadInt32LittleEndian(content[16..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(content[24..]);
        if (count is < 1 or > MaximumEntries || stream is < 0 or >= MaximumStreams || length is < 1 or > PointDocument.MaximumStreamLength
            || content.Length != HeaderLength + (Entry * count))
        {
            return null;
        }

        var chunks = new StreamChunk[count];
        long previous = -1;
        var rest = content[HeaderLength..];
        for (int i = 0; i < count; i++, rest = rest[Entry..])
        {
            long number = BinaryPrimitives.ReadInt64LittleEndian(rest);
            int generation = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
            var name = new ChunkName(rest[12..Entry]);
            if (number <= previous || number > (length - 1) / chunkSize || generation < 0 || (name == default && generation != 0))
                return null;
            int plain = name == default ? 0 : (int)Math.Min(chunkSize, length - (number * chunkSize));
            chunks[i] = new StreamChunk(number, new ChunkReference(name, generation, plain, BytesStored: 0));
            previous = number;
        }

        return new ProgressPage(stream, length, chunks);
    }
}
