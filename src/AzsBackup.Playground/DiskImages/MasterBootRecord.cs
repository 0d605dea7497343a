using System.Buffers.Binary;

namespace AzsBackup.Playground.DiskImages;

/// <summary>A disk's first sector, with one partition that begins at 1 MiB, as every current partitioning tool aligns it.</summary>
internal static class MasterBootRecord
{
    /// <summary>Where the partition begins, in bytes.</summary>
    public const int PartitionOffset = 1 << 20;

    private const int SectorSize = 512;
    private const byte NonFileSystemData = 0xDA;

    /// <summary>Makes the sector.</summary>
    /// <param name="diskSize">The disk's size in bytes; the partition fills it.</param>
    /// <param name="signature">The disk's signature.</param>
    public static byte[] Create(long diskSize, uint signature)
    {
        var sector = new byte[SectorSize];
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(440), signature);
        var entry = sector.AsSpan(446, 16);
        entry[1] = entry[5] = 0xFE; // CHS addresses out of range: the LBA fields count
        entry[2] = entry[3] = entry[6] = entry[7] = 0xFF;
        entry[4] = NonFileSystemData;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], PartitionOffset / SectorSize);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)Math.Min(uint.MaxValue, (diskSize - PartitionOffset) / SectorSize));
        sector[510] = 0x55;
        sector[511] = 0xAA;
        return sector;
    }
}
