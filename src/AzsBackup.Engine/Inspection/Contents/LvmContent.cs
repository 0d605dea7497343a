using System.Buffers.Binary;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>A physical volume of LVM2: a label in one of the first four sectors. Source: lvm2, lib/format_text/layout.h and lib/misc/crc.c; little-endian.</summary>
internal sealed class LvmContent : IContentProbe
{
    private const int SectorSize = 512;
    private const uint InitialCrc = 0xf597a6cf;

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        for (var sector = 0; sector < 4; sector++)
        {
            var label = await volume.TryReadAsync(sector * SectorSize, SectorSize, cancellationToken).ConfigureAwait(false);
            if (label is null || !label.AsSpan().StartsWith("LABELONE"u8) || !label.AsSpan(24, 8).SequenceEqual("LVM2 001"u8)) continue;
            return Crc32.Update(InitialCrc, label.AsSpan(20)) == BinaryPrimitives.ReadUInt32LittleEndian(label.AsSpan(16))
                ? new ContentFinding("LVM physical volume", AzsVolumeState.Sound, "Its label is right; the logical volumes in it were not looked at.")
                : ContentFinding.Damaged("LVM physical volume", "The checksum of its label is not right.");
        }

        return null;
    }

    /// <inheritdoc/>
    public Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken) => Task.FromResult<ContentFinding?>(null);
}
