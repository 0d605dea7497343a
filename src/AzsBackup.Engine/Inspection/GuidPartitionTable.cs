using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace AzsBackup.Engine.Inspection;

/// <summary>
/// The GUID partition table: a header in the disk's second sector, one at its end, and a list of partitions for each, all with
/// CRC-32. Source: UEFI specification 2.10, §5.3.
/// </summary>
internal static class GuidPartitionTable
{
    private const int HeaderLength = 92;
    private const int EntryLength = 128;

    // What the specification reserves is 128; more than this no disk of a VM has.
    private const int MaximumListLength = 1 << 20;

    private static readonly int[] SectorSizes = [512, 4096];

    /// <summary>Reads the table; null if there is none.</summary>
    public static async Task<PartitionTable?> ReadAsync(IDiskReader disk, CancellationToken cancellationToken)
    {
        var whole = DiskSlice.Of(disk);
        foreach (var sectorSize in SectorSizes)
        {
            var primary = await ReadCopyAsync(whole, sectorSize, 1, cancellationToken).ConfigureAwait(false);
            var last = disk.Size / sectorSize - 1;

            // A disk that has been enlarged has its second header where its end was.
            var backup = await ReadCopyAsync(whole, sectorSize, primary is { Damage: "" } ? primary.Other : last, cancellationToken).ConfigureAwait(false);
            if (primary is null && backup is null) continue;
            var damage = new List<string>();
            damage.AddRange(Tell("The first header", primary));
            damage.AddRange(Tell("The second header", backup));
            if (primary is { Damage: "" } && backup is { Damage: "" } && !primary.List.AsSpan().SequenceEqual(backup.List))
                damage.Add("The two lists of partitions differ.");
            var usable = primary is { Damage: "" } ? primary : backup is { Damage: "" } ? backup : null;
            IReadOnlyList<Partition> partitions = usable is null ? [] : [.. Parse(usable, sectorSize)];
            damage.AddRange(MasterBootRecord.Contradictions(partitions, disk.Size));
            return new PartitionTable("GPT", partitions, damage);
        }

        var first = await whole.TryReadAsync(0, 512, cancellationToken).ConfigureAwait(false);
        return first is not null && MasterBootRecord.IsProtective(first)
            ? new PartitionTable("GPT", [], ["Neither header is there, though the first sector says that the disk has a GPT."])
            : null;
    }

    private static IEnumerable<string> Tell(string which, Copy? copy)
    {
        if (copy is null) yield return $"{which} is not there.";
        else if (copy.Damage.Length > 0) yield return $"{which} is damaged: {copy.Damage}";
    }

    /// <summary>Reads a header and its list; null if there is no header in this sector.</summary>
    private static async Task<Copy?> ReadCopyAsync(DiskSlice whole, int sectorSize, long sector, CancellationToken cancellationToken)
    {
        if (sector < 1 || sector > whole.Length / sectorSize) return null;
        var header = await whole.TryReadAsync(sector * sectorSize, sectorSize, cancellationToken).ConfigureAwait(false);
        if (header is null || !header.AsSpan().StartsWith("EFI PART"u8)) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        if (length < HeaderLength || length > sectorSize) return Copy.Wrong("its length is impossible.");
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16));
        header.AsSpan(16, 4).Clear();
        if (crc != ~Crc32.Update(uint.MaxValue, header.AsSpan(0, length))) return Copy.Wrong("its checksum is not right.");
        if (BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)) != sector) return Copy.Wrong("it says to be in another sector.");
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80));
        var entryLength = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(84));
        if (entryLength < EntryLength || (ulong)count * entryLength > MaximumListLength) return Copy.Wrong("its list of partitions is impossible.");
        var at = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(72));
        var list = at < 1 || at > whole.Length / sectorSize ? null : await whole.TryReadAsync(at * sectorSize, (int)(count * entryLength), cancellationToken).ConfigureAwait(false);
        if (list is null || BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(88)) != ~Crc32.Update(uint.MaxValue, list))
            return Copy.Wrong("the checksum of its list of partitions is not right.");
        return new Copy("", list, (int)entryLength, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)));
    }

    private static IEnumerable<Partition> Parse(Copy copy, int sectorSize)
    {
        for (var i = 0; i < copy.List.Length / copy.EntryLength; i++)
        {
            var entry = copy.List.AsSpan(i * copy.EntryLength, EntryLength);
            if (!entry[..16].ContainsAnyExcept((byte)0)) continue;
            var first = BinaryPrimitives.ReadInt64LittleEndian(entry[32..]);
            var last = BinaryPrimitives.ReadInt64LittleEndian(entry[40..]);
            var possible = first >= 0 && last >= first && last < long.MaxValue / sectorSize;
            yield return new Partition(
                i + 1,
                possible ? first * sectorSize : 0,
                possible ? (last - first + 1) * sectorSize : -1,
                Name(new Guid(entry[..16])),
                Encoding.Unicode.GetString(entry[56..EntryLength]).TrimEnd('\0'));
        }
    }

    private static string Name(Guid type) => type.ToString("D", CultureInfo.InvariantCulture).ToUpperInvariant() switch
    {
        "C12A7328-F81F-11D2-BA4B-00A0C93EC93B" => "EFI system",
        "21686148-6449-6E6F-744E-656564454649" => "BIOS boot",
        "E3C9E316-0B5C-4DB8-817D-F92DF00215AE" => "Microsoft reserved",
        "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7" => "Microsoft basic data",
        "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC" => "Windows recovery",
        "0FC63DAF-8483-4772-8E79-3D69D8477DE4" => "Linux file system",
        "E6D6D379-F507-44C2-A23C-238F2A3DF928" => "Linux LVM",
        "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F" => "Linux swap",
        var other => "type " + other,
    };

    private sealed record Copy(string Damage, byte[] List, int EntryLength, long Other)
    {
        public static Copy Wrong(string why) => new(why, [], 1, 0);
    }
}
