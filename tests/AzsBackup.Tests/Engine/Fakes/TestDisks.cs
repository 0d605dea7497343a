using System.Buffers.Binary;
using AzsBackup.Engine.Disks;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>Small disks for tests: bytes from a seed, some of them zeros, with a fixed VHD's footer.</summary>
internal static class TestDisks
{
    private const int Page = 4096;

    /// <summary>A disk of a number of 4 KiB pages, about half of them zeros.</summary>
    public static byte[] Make(int seed, int pages)
    {
        var random = new Random(seed);
        var disk = new byte[(pages * Page) + VhdFooter.Length];
        for (var page = 0; page < pages; page++)
        {
            if (random.Next(2) == 0) random.NextBytes(disk.AsSpan(page * Page, Page));
        }

        WriteFooter(disk);
        return disk;
    }

    /// <summary>A disk of a number of 4 KiB pages, with a byte or two in each: quickly packed, but none of it can be left out.</summary>
    public static byte[] Thin(int pages)
    {
        var disk = new byte[(pages * Page) + VhdFooter.Length];
        for (var page = 0; page < pages; page++) BinaryPrimitives.WriteInt32LittleEndian(disk.AsSpan(page * Page), 1 + (page / 64));
        WriteFooter(disk);
        return disk;
    }

    /// <summary>A disk that holds an image.</summary>
    public static byte[] FromImage(ReadOnlySpan<byte> image)
    {
        var disk = new byte[image.Length + VhdFooter.Length];
        image.CopyTo(disk);
        WriteFooter(disk);
        return disk;
    }

    private static void WriteFooter(byte[] disk)
    {
        var footer = disk.AsSpan(disk.Length - VhdFooter.Length);
        footer.Clear();
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteInt64BigEndian(footer[48..], disk.Length - VhdFooter.Length);
        BinaryPrimitives.WriteUInt32BigEndian(footer[60..], 2);
        uint sum = 0;
        foreach (var value in footer) sum += value;
        BinaryPrimitives.WriteUInt32BigEndian(footer[64..], ~sum);
    }
}
