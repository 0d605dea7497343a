using System.Runtime.CompilerServices;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Replication;

/// <summary>What replicas a target holds, and how they are. Asks the target only.</summary>
/// <param name="target">The target stack.</param>
/// <param name="clock">The time, for the age of points.</param>
public sealed class ReplicaCatalog(IStack target, TimeProvider clock)
{
    /// <summary>A replica whose newest point is older than this is behind.</summary>
    public static readonly TimeSpan BehindAfter = TimeSpan.FromHours(24);

    /// <summary>The replicas of the target's subscription.</summary>
    public async IAsyncEnumerable<AzsStackReplica> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var site in ReplicaSite.ListAsync(target, cancellationToken).ConfigureAwait(false))
        {
            await foreach (var id in site.ListReplicasAsync(cancellationToken).ConfigureAwait(false))
            {
                if (await site.FindManifestAsync(id, cancellationToken).ConfigureAwait(false) is { } manifest)
                {
                    yield return Describe(site, manifest);
                }
            }
        }
    }

    /// <summary>What a manifest says, for people.</summary>
    public AzsStackReplica Describe(ReplicaSite site, ReplicaManifest manifest)
    {
        var rpo = clock.GetUtcNow().UtcDateTime - manifest.PointTime;
        var (health, reason) = manifest.FailedOverAt is { } failedOver
            ? (AzsReplicaHealth.FailedOver, $"Failed over at {failedOver:yyyy-MM-dd HH:mm:ss}Z.")
            : rpo > BehindAfter
                ? (AzsReplicaHealth.Behind, "No cycle has ended within a day.")
                : (AzsReplicaHealth.Healthy, (string?)null);
        return new AzsStackReplica
        {
            Id = manifest.Id,
            VmName = manifest.VmName,
            SourceVmId = manifest.SourceVmId,
            Source = manifest.Source,
            Destination = target.HostName,
            DestinationResourceGroupName = site.Account.ResourceGroupName!,
            StorageAccountName = site.Account.Name,
            LastPoint = manifest.PointTime,
            Rpo = rpo,
            Health = health,
            HealthReason = reason,
            Disks = manifest.Disks.Select(disk => new AzsReplicaDisk
            {
                Name = disk.Name,
                Lun = disk.Lun,
                SizeBytes = disk.SizeBytes,
                BlobUri = site.OpenDisk(disk.Blob).Uri,
                BlobSnapshot = disk.Snapshot,
                BytesSent = disk.BytesSent,
            }).ToList(),
            BytesSent = manifest.Disks.Sum(disk => disk.BytesSent),
            Duration = TimeSpan.FromSeconds(manifest.DurationSeconds),
        };
    }
}
