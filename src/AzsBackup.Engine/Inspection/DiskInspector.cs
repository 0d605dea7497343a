using AzsBackup.Engine.Inspection.Contents;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection;

/// <summary>
/// Looks at a disk from outside: its partition table, and what each partition holds as far as its first and its spare
/// superblocks tell. Reads little, changes nothing, mounts nothing. What it does not know it says so of; only what contradicts
/// itself counts as damaged. Libraries that mount file systems were considered: they are made to read in spite of damage, which
/// is what shall be found here.
/// </summary>
public static class DiskInspector
{
    private const int EmptyLength = 64 << 10;

    // Containers first: what lies in them may look like a file system.
    private static readonly IReadOnlyList<IContentProbe> Probes =
        [new EncryptedContent(), new LvmContent(), new NtfsContent(), new FatContent(), new XfsContent(), new BtrfsContent(), new ExtContent(), new SwapContent()];

    /// <summary>Looks at a disk.</summary>
    /// <returns>The partition table, if there is one, then each partition; or the one volume without a table.</returns>
    public static async Task<IReadOnlyList<AzsInspectedVolume>> InspectAsync(AzsRecoveryPointDisk name, IDiskReader disk, CancellationToken cancellationToken)
    {
        var rows = new List<AzsInspectedVolume>();
        PartitionTable? table;
        ContentFinding? bare = null;
        try
        {
            // A file system may cover the disk without a table; its first sector can end like one.
            table = await GuidPartitionTable.ReadAsync(disk, cancellationToken).ConfigureAwait(false);
            if (table is null)
            {
                bare = await LookAsync(DiskSlice.Of(disk), cancellationToken).ConfigureAwait(false);
                table = bare is null ? await MasterBootRecord.ReadAsync(disk, cancellationToken).ConfigureAwait(false) : null;
            }
        }
        catch (AzsException failure) when (failure.Kind == AzsErrorKind.DataDamaged)
        {
            return [Describe(name, null, 0, disk.Size, ContentFinding.Damaged("unreadable", failure.Message))];
        }

        if (table is null)
            return [Describe(name, null, 0, disk.Size, bare ?? await LookFurtherAsync(DiskSlice.Of(disk), "", cancellationToken).ConfigureAwait(false))];
        var state = table.Damage.Count > 0 ? AzsVolumeState.Damaged : AzsVolumeState.Sound;
        rows.Add(Describe(name, null, 0, disk.Size, new ContentFinding(table.Kind, state, string.Join(" ", table.Damage))));
        foreach (var partition in table.Partitions)
        {
            var found = await InspectAsync(disk, partition, cancellationToken).ConfigureAwait(false);
            rows.Add(Describe(name, partition.Number, partition.Offset, partition.Length, found with { Label = found.Label.Length > 0 ? found.Label : partition.Name }));
        }

        return rows;
    }

    private static async Task<ContentFinding> InspectAsync(IDiskReader disk, Partition partition, CancellationToken cancellationToken)
    {
        var volume = new DiskSlice(disk, partition.Offset, partition.Length);
        try
        {
            return await LookAsync(volume, cancellationToken).ConfigureAwait(false)
                ?? await LookFurtherAsync(volume, partition.Type, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException failure) when (failure.Kind == AzsErrorKind.DataDamaged)
        {
            return ContentFinding.Damaged("unreadable", failure.Message);
        }
    }

    private static async Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken)
    {
        foreach (var probe in Probes)
        {
            if (await probe.LookAsync(volume, cancellationToken).ConfigureAwait(false) is { } found) return found;
        }

        return null;
    }

    private static async Task<ContentFinding> LookFurtherAsync(DiskSlice volume, string type, CancellationToken cancellationToken)
    {
        foreach (var probe in Probes)
        {
            if (await probe.LookForRemainsAsync(volume, cancellationToken).ConfigureAwait(false) is { } remains) return remains;
        }

        var beginning = await volume.TryReadAsync(0, (int)Math.Min(EmptyLength, Math.Max(0, volume.Length)), cancellationToken).ConfigureAwait(false);
        return beginning is not null && !beginning.AsSpan().ContainsAnyExcept((byte)0)
            ? new ContentFinding("empty", AzsVolumeState.Empty, type)
            : new ContentFinding("unknown", AzsVolumeState.Unknown, type);
    }

    private static AzsInspectedVolume Describe(AzsRecoveryPointDisk disk, int? partition, long offset, long length, ContentFinding found) => new()
    {
        DiskName = disk.Name,
        Lun = disk.Lun,
        Partition = partition,
        OffsetBytes = offset,
        SizeBytes = Math.Max(0, length),
        Kind = found.Kind,
        State = found.State,
        Label = found.Label,
        Details = found.Details,
    };
}
