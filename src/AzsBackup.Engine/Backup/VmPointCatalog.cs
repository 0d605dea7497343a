using System.Runtime.CompilerServices;
using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>The recovery points of VMs in a vault.</summary>
/// <param name="vault">The vault, opened.</param>
/// <param name="description">What the user sees of it.</param>
/// <param name="log">Told of points that can't be read.</param>
public sealed class VmPointCatalog(BackupVault vault, AzsBackupVault description, IRunLog log)
{
    /// <summary>The points, in no order. One that can't be read is warned of and left out; the others are listed.</summary>
    public async IAsyncEnumerable<AzsVmRecoveryPoint> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var point in vault.ListPointsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (point.MarksDamage is { } why) log.Warning($"Whether recovery point {point.Id} in {description.Path} is to be removed can't be read, so it is kept: {why}");
            if (point.IsDamaged) log.Warning($"Recovery point {point.Id} in {description.Path} can't be read: {point.Damage}");
            else if (VmPointDetails.Read(point) is { } details) yield return Describe(point, details);
            else log.Verbose($"Point {point.Id} in {description.Path} was not written by a VM backup this version knows.");
        }
    }

    /// <summary>What a point says, for people.</summary>
    public AzsVmRecoveryPoint Describe(PointHeader point, VmPointDetails details) => new()
    {
        Id = point.Id,
        VmName = details.VmName,
        VmId = details.VmId,
        ResourceGroupName = details.ResourceGroupName,
        Stack = details.Stack,
        CreatedAt = point.CreatedAt,
        Consistency = details.Consistency,
        SnapshotSpread = TimeSpan.FromSeconds(details.SnapshotSpreadSeconds),
        Disks = details.Disks.Select(disk => new AzsRecoveryPointDisk
        {
            Name = disk.Name,
            Lun = disk.Lun,
            SizeBytes = disk.SizeBytes,
            ChangeSource = disk.ChangeSource,
            BytesRead = disk.BytesRead,
            BytesStored = disk.BytesStored,
            DiskId = disk.DiskId,
            KeptSnapshotId = disk.Kept?.Id,
        }).ToList(),
        BytesRead = details.Disks.Sum(disk => disk.BytesRead),
        BytesStored = details.Disks.Sum(disk => disk.BytesStored),
        BytesResumed = details.Disks.Sum(disk => disk.BytesResumed),
        Duration = TimeSpan.FromSeconds(details.DurationSeconds),
        MissingConfiguration = details.MissingConfiguration ?? [],
        RemovalDueAt = point.RemovalDueAt,
        Pinned = point.Pinned,
        LockedUntil = point.LockedUntil,
        LastVerified = point.LastVerified,
        Policy = details.Policy,
        LastProven = point.LastProof?.StartedAt,
        LastProofLevel = Enum.TryParse<AzsProofLevel>(point.LastProof?.Level, ignoreCase: true, out var level) ? level : null,
        Vault = description,
    };
}
