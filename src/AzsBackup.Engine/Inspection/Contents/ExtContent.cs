using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection.Contents;

/// <summary>ext2, ext3 and ext4. Source: the Linux kernel's Documentation/filesystems/ext4, "Super Block"; little-endian.</summary>
internal sealed class ExtContent : IContentProbe
{
    private const int SuperblockOffset = 1024;
    private const int SuperblockLength = 1024;
    private const uint HasJournal = 0x4;
    private const uint SparseSuper2 = 0x200;
    private const uint NeedsRecovery = 0x4;
    private const uint JournalDevice = 0x8;
    private const uint Extents = 0x40;
    private const uint SixtyFourBit = 0x80;
    private const uint MetadataChecksums = 0x400;

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        var super = await volume.TryReadAsync(SuperblockOffset, SuperblockLength, cancellationToken).ConfigureAwait(false);
        if (super is null || !HasMagic(super)) return null;
        var kind = KindOf(super);
        if (WhatIsWrong(super) is { } why) return ContentFinding.Damaged(kind, $"The superblock is damaged: {why}");
        var blockSize = 1024L << (int)Number(super, 24);
        var blocks = Blocks(super);
        if (blocks > (ulong)(volume.Length / blockSize))
            return ContentFinding.Damaged(kind, string.Create(CultureInfo.InvariantCulture, $"It says to have {blocks} blocks of {blockSize} bytes, more than its partition has."));
        if (await LookAtBackupAsync(volume, super, blockSize, blocks, cancellationToken).ConfigureAwait(false) is { } damage)
            return ContentFinding.Damaged(kind, damage);
        var recovers = (Number(super, 96) & NeedsRecovery) != 0 ? "The journal is to be replayed at the next mount, as after a crash." : "";
        return new ContentFinding(kind, AzsVolumeState.Sound, recovers, Encoding.UTF8.GetString(super, 120, 16).TrimEnd('\0'));
    }

    /// <inheritdoc/>
    public async Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        // The second superblock begins the second block group, which by default has eight blocks for each byte of a block.
        foreach (var offset in new[] { 8193L * 1024, 16384L * 2048, 32768L * 4096 })
        {
            var super = await volume.TryReadAsync(offset, SuperblockLength, cancellationToken).ConfigureAwait(false);
            if (super is not null && HasMagic(super) && WhatIsWrong(super) is null)
                return ContentFinding.Damaged(KindOf(super), string.Create(CultureInfo.InvariantCulture, $"The superblock is gone; a copy is left at byte {offset}."));
        }

        return null;
    }

    private static async Task<string?> LookAtBackupAsync(DiskSlice volume, byte[] super, long blockSize, ulong blocks, CancellationToken cancellationToken)
    {
        // Where sparse_super2 lets two groups be chosen, the first of them may be any.
        var perGroup = Number(super, 32);
        var group = (Number(super, 92) & SparseSuper2) != 0 ? Number(super, 0x24C) : 1;
        var block = Number(super, 20) + ((ulong)group * perGroup);
        if (group == 0 || block >= blocks) return null;
        var backup = await volume.TryReadAsync((long)block * blockSize, SuperblockLength, cancellationToken).ConfigureAwait(false);
        if (backup is null || !HasMagic(backup)) return string.Create(CultureInfo.InvariantCulture, $"The copy of the superblock in block {block} is gone.");
        if (WhatIsWrong(backup) is { } why) return string.Create(CultureInfo.InvariantCulture, $"The copy of the superblock in block {block} is damaged: {why}");
        return backup.AsSpan(104, 16).SequenceEqual(super.AsSpan(104, 16)) ? null : "The copy of the superblock is of another file system.";
    }

    private static string? WhatIsWrong(byte[] super)
    {
        if ((Number(super, 100) & MetadataChecksums) != 0 && Crc32C.Update(uint.MaxValue, super.AsSpan(0, 1020)) != Number(super, 1020)) return "its checksum is not right.";
        return Number(super, 24) > 6 || Number(super, 32) == 0 || Number(super, 40) == 0 || Number(super, 0) == 0 || Blocks(super) == 0
            ? "its numbers are impossible."
            : null;
    }

    private static string KindOf(byte[] super) =>
        (Number(super, 96) & JournalDevice) != 0 ? "ext journal"
        : (Number(super, 96) & (Extents | SixtyFourBit)) != 0 || (Number(super, 100) & MetadataChecksums) != 0 ? "ext4"
        : (Number(super, 92) & HasJournal) != 0 ? "ext3" : "ext2";

    private static ulong Blocks(byte[] super) =>
        Number(super, 4) | ((Number(super, 96) & SixtyFourBit) != 0 ? (ulong)Number(super, 0x150) << 32 : 0);

    private static bool HasMagic(byte[] super) => super[56] == 0x53 && super[57] == 0xEF;

    private static uint Number(byte[] super, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(super.AsSpan(offset));
}
