using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>FAT12, FAT16 and FAT32, which EFI system partitions are. Source: Microsoft's FAT32 File System Specification 1.03; little-endian.</summary>
internal sealed class FatContent : IContentProbe
{
    private const int SectorSize = 512;

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        var boot = await volume.TryReadAsync(0, SectorSize, cancellationToken).ConfigureAwait(false);
        if (boot is null || KindOf(boot) is not { } kind) return null;
        if (WhatIsWrong(boot) is { } why) return ContentFinding.Damaged(kind, $"The boot sector is damaged: {why}");
        int sectorSize = BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(11));
        long sectors = BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(19));
        sectors = sectors != 0 ? sectors : BinaryPrimitives.ReadUInt32LittleEndian(boot.AsSpan(32));
        if (sectors == 0 || sectors > volume.Length / sectorSize) return ContentFinding.Damaged(kind, "It says to have more sectors than its partition has, or none.");
        var table = await volume.TryReadAsync((long)BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(14)) * sectorSize, 4, cancellationToken).ConfigureAwait(false);
        if (table is null || table[0] != boot[21]) return ContentFinding.Damaged(kind, "The allocation table does not begin as one.");
        if (kind == "FAT32" && BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(50)) is > 0 and < 32 and var copyAt)
        {
            var copy = await volume.TryReadAsync((long)copyAt * sectorSize, SectorSize, cancellationToken).ConfigureAwait(false);
            if (copy is null || !copy.AsSpan().SequenceEqual(boot)) return ContentFinding.Damaged(kind, "The boot sector and its copy differ.");
        }

        var label = Encoding.ASCII.GetString(boot, kind == "FAT32" ? 71 : 43, 11).TrimEnd();
        return new ContentFinding(kind, AzsVolumeState.Sound, "", label == "NO NAME" ? "" : label);
    }

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        // The copy is in sector 6 by convention.
        var copy = await volume.TryReadAsync(6 * SectorSize, SectorSize, cancellationToken).ConfigureAwait(false);
        return copy is not null && KindOf(copy) == "FAT32" && WhatIsWrong(copy) is null
            ? ContentFinding.Damaged("FAT32", "The boot sector is gone; its copy in sector 6 is there.")
            : null;
    }

    private static string? KindOf(byte[] boot)
    {
        if (boot[510] != 0x55 || boot[511] != 0xAA) return null;
        if (boot.AsSpan(82, 8).SequenceEqual("FAT32   "u8)) return "FAT32";
        var name = boot.AsSpan(54, 8);
        return name.SequenceEqual("FAT16   "u8) ? "FAT16" : name.SequenceEqual("FAT12   "u8) ? "FAT12" : null;
    }

    private static string? WhatIsWrong(byte[] boot)
    {
        int sectorSize = BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(11));
        return sectorSize is < 512 or > 4096 || !BitOperations.IsPow2(sectorSize) || boot[13] == 0 || !BitOperations.IsPow2((int)boot[13])
            || BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(14)) == 0 || boot[16] is 0 or > 4
                ? "its numbers are impossible."
                : null;
    }
}
