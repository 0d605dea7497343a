using System.Buffers.Binary;

namespace AzsBackup.Vault.Verification;

/// <summary>The records of verifications, as bytes (FORMAT.md §12).</summary>
internal static class VerifiedDocuments
{
    public const int MaximumEntries = 1 << 20;

    private const int HeaderLength = 24;
    private const int ChunkEntry = 20;
    private const int PointEntry = 24;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> ChunksMagic => "AZVC"u8;

    private static ReadOnlySpan<byte> PointsMagic => "AZVP"u8;

    public static byte[] WriteChunks(DateTime verifiedAt, IReadOnlyList<(UInt128 Prefix, int Generation)> chunks)
    {
        byte[] content = WriteHeader(ChunksMagic, verifiedAt, chunks.Count, ChunkEntry);
        var rest = content.AsSpan(HeaderLength);
        foreach (var (prefix, generation) in chunks)
        {
            BinaryPrimitives.WriteUInt128BigEndian(rest, prefix);
            BinaryPrimitives.WriteInt32LittleEndian(rest[16..], generation);
            rest = rest[ChunkEntry..];
        }

        return content;
    }

    public static byte[] WritePoints(DateTime verifiedAt, IReadOnlyList<(string Id, DateTime At)> points)
    {
        byte[] content = WriteHeader(PointsMagic, verifiedAt, points.Count, PointEntry);
        var rest = content.AsSpan(HeaderLength);
        foreach (var (id, at) in points)
        {
            Convert.FromHexString(id).CopyTo(rest);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], Seconds(at));
            rest = rest[PointEntry..];
        }

        return content;
    }

    /// <summary>Reads a record of chunks; <see langword="null"/> if the bytes are none.</summary>
    public static (DateTime VerifiedAt, (UInt128 Prefix, int Generation)[] Chunks)? ReadChunks(ReadOnlySpan<byte> content)
    {
        if (!TryReadHeader(content, ChunksMagic, ChunkEntry, out var verifiedAt, out int count))
            return null;
        var chunks = new (UInt128, int)[count];
        for (int i = 0; i < count; i++)
        {
            var entry = content[(HeaderLength + i * ChunkEntry)..];
            int generation = BinaryPrimitives.ReadInt32LittleEndian(entry[16..]);
            if (generation < 0)
                return null;
            chunks[i] = (BinaryPrimitives.ReadUInt128BigEndian(entry), generation);
        }

        return (verifiedAt, chunks);
    }

    /// <summary>Reads a record of points; <see langword="null"/> if the bytes are none.</summary>
    public static (DateTime VerifiedAt, (string Id, DateTime At)[] Points)? ReadPoints(ReadOnlySpan<byte> content)
    {
        if (!TryReadHeader(content, PointsMagic, PointEntry, out var verifiedAt, out int count))
            return null;
        var points = new (string, DateTime)[count];
        for (int i = 0; i < count; i++)
        {
            var entry = content[(HeaderLength + i * PointEntry)..];
            if (!TryTime(BinaryPrimitives.ReadInt64LittleEndian(entry[16..]), out var at))
                return null;
            points[i] = (Convert.ToHexString(entry[..16]).ToLowerInvariant(), at);
        }

        return (verifiedAt, points);
    }

    private static byte[] WriteHeader(ReadOnlySpan<byte> magic, DateTime verifiedAt, int count, int entry)
    {
        byte[] content = new byte[HeaderLength + entry * count];
        magic.CopyTo(content);
        content[4] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), count);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(16), Seconds(verifiedAt));
        return content;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> content, ReadOnlySpan<byte> magic, int entry, out DateTime verifiedAt, out int count)
    {
        verifiedAt = default;
        count = 0;
        if (content.Length < HeaderLength || !content.StartsWith(magic) || content[4] != Version || content[5..8].ContainsAnyExcept((byte)0)
            || content[12..16].ContainsAnyExcept((byte)0))
            return false;
        count = BinaryPrimitives.ReadInt32LittleEndian(content[8..]);
        return count is >= 0 and <= MaximumEntries && content.Length == HeaderLength + (long)entry * count
            && TryTime(BinaryPrimitives.ReadInt64LittleEndian(content[16..]), out verifiedAt);
    }

    private static long Seconds(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;

    private static bool TryTime(long seconds, out DateTime utc)
    {
        bool possible = seconds is >= 0 and < 253_402_300_800;
        utc = possible ? DateTime.UnixEpoch.AddSeconds(seconds) : default;
        return possible;
    }
}
