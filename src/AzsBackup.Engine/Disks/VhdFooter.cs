using System.Buffers.Binary;

namespace AzsBackup.Engine.Disks;

/// <summary>
/// The 512-byte footer of a fixed VHD. An exported disk is a fixed VHD: the disk's bytes, then this.
/// Source: Microsoft's Virtual Hard Disk Image Format Specification, "Hard Disk Footer Format".
/// </summary>
public sealed class VhdFooter
{
    /// <summary>The footer's length in bytes.</summary>
    public const int Length = 512;

    private const int ChecksumOffset = 64;
    private const uint FixedDisk = 2;

    private VhdFooter(long diskSize) => DiskSize = diskSize;

    /// <summary>The size the guest sees, in bytes.</summary>
    public long DiskSize { get; }

    /// <summary>Reads a footer; null if the bytes are not a fixed VHD's footer with a right checksum.</summary>
    /// <param name="footer">The last 512 bytes of the file or blob.</param>
    public static VhdFooter? Read(ReadOnlySpan<byte> footer)
    {
        if (footer.Length != Length || !footer.StartsWith("conectix"u8)) return null;
        if (BinaryPrimitives.ReadUInt32BigEndian(footer[60..]) != FixedDisk) return null;

        // The checksum is the one's complement of the sum of all bytes but its own four.
        uint sum = 0;
        for (var at = 0; at < Length; at++)
        {
            if (at is < ChecksumOffset or >= ChecksumOffset + 4) sum += footer[at];
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(footer[ChecksumOffset..]) != ~sum) return null;
        var size = BinaryPrimitives.ReadInt64BigEndian(footer[48..]);
        return size > 0 ? new VhdFooter(size) : null;
    }
}
