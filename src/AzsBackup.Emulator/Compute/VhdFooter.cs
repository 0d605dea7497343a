using System.Buffers.Binary;

namespace AzsBackup.Emulator.Compute;

/// <summary>The last 512 bytes of a fixed VHD (Virtual Hard Disk Image Format Specification, 2006).</summary>
public static class VhdFooter
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 512;
    private const uint FixedDisk = 2;
    private const int ChecksumOffset = 64;
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the footer of a fixed disk.</summary>
    /// <param name="size">The disk's size in bytes, the footer not counted.</param>
    /// <param name="id">The disk's unique id.</param>
    /// <param name="createdAt">Kept in whole seconds since 2000.</param>
    public static byte[] Create(long size, Guid id, DateTimeOffset createdAt)
    {
        byte[] footer = new byte[Length];
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x0001_0000);
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(16), ulong.MaxValue);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(24), (uint)Math.Clamp((createdAt - Epoch).TotalSeconds, 0, uint.MaxValue));
        // "win " tells readers to believe the size field: others derive the size from the geometry, which cannot say it exactly.
        "win "u8.CopyTo(footer.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(32), 0x000A_0000);
        "Wi2k"u8.CopyTo(footer.AsSpan(36));
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), size);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), size);
        WriteGeometry(footer.AsSpan(56), size / 512);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), FixedDisk);
        id.TryWriteBytes(footer.AsSpan(68), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(ChecksumOffset), Checksum(footer));
        return footer;
    }

    /// <summary>Says what is wrong with a footer of a fixed disk of that size, or <see langword="null"/> if it is sound.</summary>
    /// <param name="footer">The last 512 bytes.</param>
    /// <param name="length">The length of the whole file or blob, footer included.</param>
    public static string? Fault(ReadOnlySpan<byte> footer, long length)
    {
        if (!footer[..8].SequenceEqual("conectix"u8))
            return "it has no VHD footer";
        if (BinaryPrimitives.ReadUInt32BigEndian(footer[ChecksumOffset..]) != Checksum(footer))
            return "its VHD footer has a wrong checksum";
        uint type = BinaryPrimitives.ReadUInt32BigEndian(footer[60..]);
        if (type != FixedDisk)
            return type == 3 ? "it is a dynamic VHD, and only fixed ones are supported" : $"it is a VHD of type {type}, and only fixed ones are supported";
        long size = BinaryPrimitives.ReadInt64BigEndian(footer[48..]);
        return size == length - Length ? null : $"its VHD footer says {size} bytes and {length - Length} are there";
    }

    private static uint Checksum(ReadOnlySpan<byte> footer)
    {
        uint sum = 0;
        for (int i = 0; i < Length; i++)
            if (i is < ChecksumOffset or >= ChecksumOffset + 4)
                sum += footer[i];
        return ~sum;
    }

    /// <summary>The cylinders, heads and sectors of the specification's appendix.</summary>
    private static void WriteGeometry(Span<byte> target, long sectors)
    {
        sectors = Math.Min(sectors, 65535L * 16 * 255);
        long perTrack, heads, tracks;
        if (sectors >= 65535L * 16 * 63)
            (perTrack, heads, tracks) = (255, 16, sectors / 255);
        else
        {
            (perTrack, tracks) = (17, sectors / 17);
            heads = Math.Max(4, (tracks + 1023) / 1024);
            if (tracks >= heads * 1024 || heads > 16)
                (perTrack, heads, tracks) = (31, 16, sectors / 31);
            if (tracks >= heads * 1024)
                (perTrack, heads, tracks) = (63, 16, sectors / 63);
        }

        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)(tracks / heads));
        target[2] = (byte)heads;
        target[3] = (byte)perTrack;
    }
}
