using System.Buffers.Binary;
using System.Numerics;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>NTFS: its boot sector, the copy of that behind the last sector it counts, and the beginnings of the file table and its mirror. Source: Microsoft's "How NTFS Works", boot sector; little-endian.</summary>
internal sealed class NtfsContent : IContentProbe
{
    private const int SectorSize = 512;

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        var boot = await volume.TryReadAsync(0, SectorSize, cancellationToken).ConfigureAwait(false);
        if (boot is null || !IsBoot(boot)) return null;
        int sectorSize = BinaryPrimitives.ReadUInt16LittleEndian(boot.AsSpan(11));
        var sectors = BinaryPrimitives.ReadInt64LittleEndian(boot.AsSpan(40));
        if (sectorSize is < 256 or > 4096 || !BitOperations.IsPow2(sectorSize) || sectors <= 0 || boot[510] != 0x55 || boot[511] != 0xAA)
            return ContentFinding.Damaged("NTFS", "The boot sector's numbers are impossible.");
        if (sectors > volume.Length / sectorSize) return ContentFinding.Damaged("NTFS", "It says to have more sectors than its partition has.");

        // The copy is the volume's last sector, which the count leaves out.
        var backup = await volume.TryReadAsync(sectors * sectorSize, SectorSize, cancellationToken).ConfigureAwait(false);
        if (backup is null || !backup.AsSpan().SequenceEqual(boot)) return ContentFinding.Damaged("NTFS", "The boot sector and its copy differ.");

        // Above 128, the count of sectors in a cluster is a negative power of two.
        var perCluster = boot[13] <= 128 ? boot[13] : 1 << Math.Min(256 - boot[13], 30);
        foreach (var (at, what) in new[] { (48, "file table"), (56, "file table's mirror") })
        {
            var cluster = BinaryPrimitives.ReadInt64LittleEndian(boot.AsSpan(at));
            var record = cluster < 0 || cluster > sectors ? null : await volume.TryReadAsync(cluster * perCluster * sectorSize, 4, cancellationToken).ConfigureAwait(false);
            if (record is null || !record.AsSpan().SequenceEqual("FILE"u8)) return ContentFinding.Damaged("NTFS", $"The {what} does not begin as one.");
        }

        return new ContentFinding("NTFS", AzsVolumeState.Sound);
    }

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        var backup = await volume.TryReadAsync((volume.Length / SectorSize - 1) * SectorSize, SectorSize, cancellationToken).ConfigureAwait(false);
        return backup is not null && IsBoot(backup) ? ContentFinding.Damaged("NTFS", "The boot sector is gone; its copy at the end is there.") : null;
    }

    private static bool IsBoot(byte[] sector) => sector.AsSpan(3, 8).SequenceEqual("NTFS    "u8);
}
