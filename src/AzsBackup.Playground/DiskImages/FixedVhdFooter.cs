using System.Buffers.Binary;

namespace AzsBackup.Playground.DiskImages;

/// <summary>
/// The 512 bytes at the end of a fixed VHD: the disk's bytes come first, as they are. Layout: "Virtual Hard Disk Image Format
/// Specification", version 1.0, "Hard Disk Footer Format" and the CHS calculation of its appendix.
/// </summary>
internal static class FixedVhdFooter
{
    /// <summary>The size of a footer, in bytes.</summary>
    public const int Size = 512;

    private const int FixedDisk = 2;
    private const int ChecksumOffset = 64;
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes the footer of a disk.</summary>
    /// <param name="diskSize">The disk's size in bytes, a multiple of 512.</param>
    /// <param name="created">When the disk was made.</param>
    /// <param name="id">The disk's id.</param>
    public static byte[] Create(long diskSize, DateTimeOffset created, Guid id)
    {
        var footer = new byte[Size];
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2); // features: the bit that is always set
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x00010000);
        BinaryPrimitives.WriteUInt64BigEndian(footer.AsSpan(16), ulong.MaxValue); // no dynamic header
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(24), (uint)(created - Epoch).TotalSeconds);
        "win "u8.CopyTo(footer.AsSpan(28)); // as Hyper-V: of most other makers, qemu believes the rounded geometry instead of the size
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(32), 0x00010000);
        "Wi2k"u8.CopyTo(footer.AsSpan(36));
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), diskSize);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), diskSize);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(56), Geometry(diskSize / 512));
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), FixedDisk);
        id.TryWriteBytes(footer.AsSpan(68), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(ChecksumOffset), Checksum(footer));
        return footer;
    }

    /// <summary>Looks for what is wrong with a file that claims to be a fixed VHD.</summary>
    /// <param name="footer">Its last 512 bytes.</param>
    /// <param name="fileSize">Its size in bytes.</param>
    /// <returns>The first fault, as the end of a sentence that begins with the file's name; null if it is a fixed VHD.</returns>
    public static string? FindFault(ReadOnlySpan<byte> footer, long fileSize)
    {
        if (!footer.StartsWith("conectix"u8))
            return "has no VHD footer";
        if (BinaryPrimitives.ReadUInt32BigEndian(footer[ChecksumOffset..]) != Checksum(footer))
            return "has a VHD footer whose checksum is wrong";
        if (BinaryPrimitives.ReadUInt32BigEndian(footer[60..]) != FixedDisk)
            return "is a dynamic or differencing VHD";
        var diskSize = BinaryPrimitives.ReadInt64BigEndian(footer[48..]);
        return diskSize == fileSize - Size ? null : $"has a VHD footer for a disk of {diskSize} bytes, but holds {fileSize - Size}";
    }

    private static uint Checksum(ReadOnlySpan<byte> footer)
    {
        uint sum = 0;
        for (var i = 0; i < Size; i++)
        {
            if (i is < ChecksumOffset or >= ChecksumOffset + 4)
                sum += footer[i];
        }

        return ~sum;
    }

    private static uint Geometry(long sectors)
    {
        sectors = Math.Min(sectors, 65535L * 16 * 255);
        int sectorsPerTrack, heads;
        long cylindersTimesHeads;
        if (sectors >= 65535L * 16 * 63)
        {
            (sectorsPerTrack, heads) = (255, 16);
            cylindersTimesHeads = sectors / sectorsPerTrack;
        }
        else
        {
            sectorsPerTrack = 17;
            cylindersTimesHeads = sectors / sectorsPerTrack;
            heads = (int)Math.Max(4, (cylindersTimesHeads + 1023) / 1024);
            if (cylindersTimesHeads >= heads * 1024 || heads > 16)
            {
                (sectorsPerTrack, heads) = (31, 16);
                cylindersTimesHeads = sectors / sectorsPerTrack;
            }

            if (cylindersTimesHeads >= heads * 1024)
            {
                (sectorsPerTrack, heads) = (63, 16);
                cylindersTimesHeads = sectors / sectorsPerTrack;
            }
        }

        return ((uint)(cylindersTimesHeads / heads) << 16) | ((uint)heads << 8) | (uint)sectorsPerTrack;
    }
}
