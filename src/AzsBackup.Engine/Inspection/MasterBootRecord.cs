using System.Buffers.Binary;
using System.Globalization;

namespace AzsBackup.Engine.Inspection;

/// <summary>
/// The partition table of PC disks: four entries at byte 446 of the first sector, then 55 AA; logical partitions in a chain of
/// such sectors within an extended one. It has no checksum: what can be told is whether entries are possible.
/// </summary>
internal static class MasterBootRecord
{
    private const int SectorSize = 512;
    private const int Entries = 446;
    private const int EntrySize = 16;
    private const int MaximumLogical = 128;
    private const byte ProtectiveType = 0xEE;

    /// <summary>Reads the table; null if this is none, or only the cover of a GPT.</summary>
    public static async Task<PartitionTable?> ReadAsync(IDiskReader disk, CancellationToken cancellationToken)
    {
        var whole = DiskSlice.Of(disk);
        if (await whole.TryReadAsync(0, SectorSize, cancellationToken).ConfigureAwait(false) is not { } sector || !IsTable(sector)) return null;
        var found = new List<Partition>();
        var damage = new List<string>();
        foreach (var (index, type, first, count) in EntriesOf(sector))
        {
            if (type == ProtectiveType) return null;
            if (type is 0x05 or 0x0F or 0x85) await ReadLogicalAsync(whole, first, count, found, damage, cancellationToken).ConfigureAwait(false);
            else found.Add(Make(index + 1, type, first, count));
        }

        damage.AddRange(Contradictions(found, disk.Size));
        return new PartitionTable("MBR", [.. found.OrderBy(partition => partition.Number)], damage);
    }

    /// <summary>Whether the sector is the cover that a GPT disk shows to programs that know only this table.</summary>
    public static bool IsProtective(ReadOnlySpan<byte> sector) =>
        IsTable(sector) && (sector[Entries + 4] == ProtectiveType || sector[Entries + EntrySize + 4] == ProtectiveType);

    /// <summary>What can't be: partitions beyond the disk's end, or within each other.</summary>
    public static IEnumerable<string> Contradictions(IReadOnlyList<Partition> partitions, long size)
    {
        foreach (var partition in partitions.Where(partition => partition.Length <= 0 || partition.Offset > size - partition.Length))
            yield return string.Create(CultureInfo.InvariantCulture, $"Partition {partition.Number} ends behind the end of the disk.");
        var ordered = partitions.OrderBy(partition => partition.Offset).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Offset < ordered[i - 1].Offset + ordered[i - 1].Length)
                yield return string.Create(CultureInfo.InvariantCulture, $"Partitions {ordered[i - 1].Number} and {ordered[i].Number} overlap.");
        }
    }

    private static bool IsTable(ReadOnlySpan<byte> sector)
    {
        if (sector.Length < SectorSize || sector[510] != 0x55 || sector[511] != 0xAA) return false;
        var used = 0;
        for (var i = 0; i < 4; i++)
        {
            var entry = sector[(Entries + i * EntrySize)..];
            if ((entry[0] & 0x7F) != 0) return false;
            used += entry[4] != 0 ? 1 : 0;
        }

        return used > 0;
    }

    private static IEnumerable<(int Index, byte Type, long First, long Count)> EntriesOf(byte[] sector)
    {
        for (var i = 0; i < 4; i++)
        {
            var at = Entries + i * EntrySize;
            if (sector[at + 4] != 0)
                yield return (i, sector[at + 4], BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(at + 8)), BinaryPrimitives.ReadUInt32LittleEndian(sector.AsSpan(at + 12)));
        }
    }

    /// <summary>Follows the chain: in each sector the first entry is a partition from there, the second the next link from the extended partition's beginning.</summary>
    private static async Task ReadLogicalAsync(DiskSlice whole, long extended, long extendedCount, List<Partition> found, List<string> damage, CancellationToken cancellationToken)
    {
        var at = extended;
        for (var number = 5; number < 5 + MaximumLogical; number++)
        {
            var sector = await whole.TryReadAsync(at * SectorSize, SectorSize, cancellationToken).ConfigureAwait(false);
            if (sector is null || sector[510] != 0x55 || sector[511] != 0xAA)
            {
                damage.Add(string.Create(CultureInfo.InvariantCulture, $"The chain of logical partitions is broken at sector {at}."));
                return;
            }

            var links = EntriesOf(sector).Where(entry => entry.Index < 2).ToList();
            if (links.Find(entry => entry.Index == 0) is { Type: not 0 } own) found.Add(Make(number, own.Type, at + own.First, own.Count));
            if (links.Find(entry => entry.Index == 1) is not { Type: not 0 } next) return;
            if (next.First == 0 || next.First >= extendedCount)
            {
                damage.Add("The chain of logical partitions leaves the extended partition.");
                return;
            }

            at = extended + next.First;
        }

        damage.Add("The chain of logical partitions does not end.");
    }

    private static Partition Make(int number, byte type, long first, long count) =>
        new(number, first * SectorSize, count * SectorSize, string.Create(CultureInfo.InvariantCulture, $"type {type:x2}"), "");
}
