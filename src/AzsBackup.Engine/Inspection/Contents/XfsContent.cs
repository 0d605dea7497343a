using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>XFS. Source: the XFS Algorithms and Data Structures document, "Superblocks"; big-endian but for the checksum.</summary>
internal sealed class XfsContent : IContentProbe
{
    private const int ChecksumOffset = 224;

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        var super = await volume.TryReadAsync(0, 4096, cancellationToken).ConfigureAwait(false);
        if (super is null || !super.AsSpan().StartsWith("XFSB"u8)) return null;
        if (WhatIsWrong(super) is { } why) return ContentFinding.Damaged("XFS", $"The superblock is damaged: {why}");
        var blockSize = BinaryPrimitives.ReadUInt32BigEndian(super.AsSpan(4));
        if (BinaryPrimitives.ReadUInt64BigEndian(super.AsSpan(8)) > (ulong)volume.Length / blockSize)
            return ContentFinding.Damaged("XFS", "It says to have more blocks than its partition has.");
        if (BinaryPrimitives.ReadUInt32BigEndian(super.AsSpan(88)) > 1)
        {
            // Each allocation group begins with a copy.
            var second = (long)BinaryPrimitives.ReadUInt32BigEndian(super.AsSpan(84)) * blockSize;
            var copy = await volume.TryReadAsync(second, 4096, cancellationToken).ConfigureAwait(false);
            if (copy is null || !copy.AsSpan().StartsWith("XFSB"u8) || WhatIsWrong(copy) is not null || !copy.AsSpan(32, 16).SequenceEqual(super.AsSpan(32, 16)))
                return ContentFinding.Damaged("XFS", "The copy of the superblock in the second allocation group is damaged.");
        }

        return new ContentFinding("XFS", AzsVolumeState.Sound, "", Encoding.UTF8.GetString(super, 108, 12).TrimEnd('\0'));
    }

    /// <inheritdoc/>
    public Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken) => Task.FromResult<ContentFinding?>(null);

    private static string? WhatIsWrong(byte[] super)
    {
        var blockSize = BinaryPrimitives.ReadUInt32BigEndian(super.AsSpan(4));
        var sectorSize = BinaryPrimitives.ReadUInt16BigEndian(super.AsSpan(102));
        var version = BinaryPrimitives.ReadUInt16BigEndian(super.AsSpan(100)) & 0xF;
        if (blockSize is < 512 or > 65536 || !BitOperations.IsPow2(blockSize) || sectorSize is < 512 or > 32768 || !BitOperations.IsPow2(sectorSize) || version is < 1 or > 5)
            return "its numbers are impossible.";
        if (version < 5 || sectorSize > super.Length) return null;
        var copy = super[..sectorSize];
        copy.AsSpan(ChecksumOffset, 4).Clear();
        return ~Crc32C.Update(uint.MaxValue, copy) == BinaryPrimitives.ReadUInt32LittleEndian(super.AsSpan(ChecksumOffset)) ? null : "its checksum is not right.";
    }
}
