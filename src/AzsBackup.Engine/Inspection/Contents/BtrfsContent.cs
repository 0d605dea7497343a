using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>btrfs. Source: btrfs documentation, "On-disk format", superblock; little-endian.</summary>
internal sealed class BtrfsContent : IContentProbe
{
    private const int Length = 4096;
    private const long First = 64 << 10;
    private const long Second = 64 << 20;

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        if (await ReadAsync(volume, First, cancellationToken).ConfigureAwait(false) is not { } super) return null;
        if (WhatIsWrong(super, First) is { } why) return ContentFinding.Damaged("btrfs", $"The superblock is damaged: {why}");

        // A copy is kept where the device was long enough for it.
        if (volume.Length >= Second + Length)
        {
            var copy = await ReadAsync(volume, Second, cancellationToken).ConfigureAwait(false);
            if (copy is null || WhatIsWrong(copy, Second) is not null) return ContentFinding.Damaged("btrfs", "The copy of the superblock at 64 MiB is damaged.");
        }

        var label = Encoding.UTF8.GetString(super, 299, 256);
        var end = label.IndexOf('\0', StringComparison.Ordinal);
        return new ContentFinding("btrfs", AzsVolumeState.Sound, "", end < 0 ? label : label[..end]);
    }

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken) =>
        await ReadAsync(volume, Second, cancellationToken).ConfigureAwait(false) is { } copy && WhatIsWrong(copy, Second) is null
            ? ContentFinding.Damaged("btrfs", string.Create(CultureInfo.InvariantCulture, $"The superblock is gone; a copy is left at byte {Second}."))
            : null;

    private static async Task<byte[]?> ReadAsync(DiskSlice volume, long offset, CancellationToken cancellationToken)
    {
        var super = await volume.TryReadAsync(offset, Length, cancellationToken).ConfigureAwait(false);
        return super is not null && super.AsSpan(64, 8).SequenceEqual("_BHRfS_M"u8) ? super : null;
    }

    private static string? WhatIsWrong(byte[] super, long offset)
    {
        if (BinaryPrimitives.ReadInt64LittleEndian(super.AsSpan(48)) != offset) return "it says to be elsewhere.";

        // Kind 0 is CRC-32C, the default; the others are hashes this does not compute.
        var kind = BinaryPrimitives.ReadUInt16LittleEndian(super.AsSpan(196));
        return kind == 0 && ~Crc32C.Update(uint.MaxValue, super.AsSpan(32)) != BinaryPrimitives.ReadUInt32LittleEndian(super)
            ? "its checksum is not right."
            : null;
    }
}
