using System.Collections.Concurrent;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Replication;

/// <summary>
/// One cycle of one VM: snapshots on the source, its bytes through this process into page blobs on the target (a stamp copies
/// nothing from another cloud by itself), blob snapshots, manifest. A cycle that ends early leaves the last point as it was.
/// </summary>
/// <param name="source">Where the VM runs.</param>
/// <param name="target">Where the replica is kept.</param>
/// <param name="budget">The memory all transfers share.</param>
/// <param name="clock">The time.</param>
/// <param name="runIds">Names for snapshots.</param>
/// <param name="log">Told what is going on.</param>
public sealed class ReplicaCycle(
    IStack source, IStack target, TransferBudget budget, TimeProvider clock, IRunIdSource runIds, IRunLog log)
{
    // Finer than a vault's chunk, as nothing is deduplicated here; a page range is at least 4 KiB on a stamp.
    private const int Grain = 64 << 10;

    /// <summary>Looks at the VM and at what stands in the way. Changes nothing.</summary>
    /// <exception cref="AzsException">The VM is not there, or source and target are one stack.</exception>
    public async Task<VmDescription> PlanAsync(ResourceId vmId, ReplicaOptions options, CancellationToken cancellationToken)
    {
        if (!options.AllowSameStack && source.HostName.Equals(target.HostName, StringComparison.OrdinalIgnoreCase))
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "ReplicaOnSameStack",
                $"Source and destination are both {source.HostName}: a replica on the stamp dies with the stamp.",
                "Give another stack with -Destination.",
                vmId.ToString());
        }

        return await VmDescription.ReadAsync(source, vmId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the cycle.</summary>
    public async Task<AzsStackReplica> RunAsync(VmDescription vm, ReplicaOptions options, CancellationToken cancellationToken)
    {
        var meter = new TransferMeter(vm.Name, $"Replicating to {target.HostName}", clock, log);
        try
        {
            var site = await ReplicaSite.EnsureAsync(target, options.DestinationResourceGroupName, cancellationToken).ConfigureAwait(false);
            var replicaId = ReplicaSite.ReplicaIdFor(source.HostName, vm.Id);
            var previous = await site.FindManifestAsync(replicaId, cancellationToken).ConfigureAwait(false);
            if (previous?.FailedOverAt is not null) throw RunsOnTarget(vm);

            var configuration = await new VmConfigCollector(source.Resources, log).CollectAsync(vm.Body, cancellationToken).ConfigureAwait(false);
            var snapshots = await SnapshotSet.PrepareAsync(
                source, vm, vm.Disks, runIds.Next(), options.Snapshots, clock, log, cancellationToken).ConfigureAwait(false);
            await using var held = snapshots.ConfigureAwait(false);
            await snapshots.MakeAsync(cancellationToken).ConfigureAwait(false);
            var disks = await AllOrNone.RunAsync(
                snapshots.Snapshots,
                (snapshot, cancelled) => CopyAsync(site, replicaId, snapshot, options, meter, cancelled),
                cancellationToken).ConfigureAwait(false);
            var manifest = new ReplicaManifest
            {
                Id = replicaId,
                VmName = vm.Name,
                SourceVmId = vm.Id.ToString(),
                Source = source.HostName,
                PointTime = snapshots.CreatedAt,
                DurationSeconds = meter.Elapsed.TotalSeconds,
                Disks = disks,
            };
            await site.PublishAsync(manifest, configuration.Documents, cancellationToken).ConfigureAwait(false);
            await ThinAsync(site, previous, manifest, cancellationToken).ConfigureAwait(false);
            return new ReplicaCatalog(target, clock).Describe(site, manifest);
        }
        finally
        {
            meter.Finish();
        }
    }

    private async Task<ReplicaManifestDisk> CopyAsync(
        ReplicaSite site,
        string replicaId,
        DiskSnapshot snapshot,
        ReplicaOptions options,
        TransferMeter meter,
        CancellationToken cancellationToken)
    {
        var size = await DiskTransfer.ReadDiskSizeAsync(snapshot.Disk, snapshot.Reader, cancellationToken).ConfigureAwait(false);
        var length = size + VhdFooter.Length;
        meter.Expect(length);
        var blobName = $"{replicaId}/{snapshot.Disk.Slot}.vhd";
        var blob = site.OpenDisk(blobName);
        var isPatch = await blob.ExistsAsync(cancellationToken).ConfigureAwait(false)
            && await blob.GetLengthAsync(cancellationToken).ConfigureAwait(false) == length;
        if (!isPatch) await blob.CreateAsync(length, cancellationToken).ConfigureAwait(false);

        var sent = 0L;
        var written = new ConcurrentBag<ByteRange>();
        var transfer = new DiskTransfer(budget, options.RequestsInFlight);
        var ranges = snapshot.Reader.GetRangesAsync(cancellationToken);
        var read = await transfer.RunAsync(snapshot.Reader, ranges, length, Grain, meter, async (piece, bytes, cancelled) =>
        {
            // Zeros are left to the clearing below: an empty blob has them already.
            if (!bytes.Span.ContainsAnyExcept((byte)0)) return;
            await blob.WriteAsync(piece.Offset, bytes, cancelled).ConfigureAwait(false);
            Interlocked.Add(ref sent, piece.Length);
            written.Add(piece);
        }, cancellationToken).ConfigureAwait(false);
        meter.Add(length - read);
        if (isPatch) await ClearRestAsync(blob, written, cancellationToken).ConfigureAwait(false);

        return new ReplicaManifestDisk
        {
            Name = snapshot.Disk.Name,
            Lun = snapshot.Disk.Lun,
            SizeBytes = size,
            Blob = blobName,
            Snapshot = await blob.CreateSnapshotAsync(cancellationToken).ConfigureAwait(false),
            BytesSent = sent,
        };
    }

    // What the target holds from earlier cycles and the source no longer has must read as zeros.
    private static async Task ClearRestAsync(IPageBlob blob, IEnumerable<ByteRange> written, CancellationToken cancellationToken)
    {
        var allocated = new List<ByteRange>();
        await foreach (var range in blob.GetRangesAsync(cancellationToken).ConfigureAwait(false)) allocated.Add(range);
        foreach (var stale in RangeSet.Subtract(allocated, written))
        {
            await blob.ClearAsync(stale, cancellationToken).ConfigureAwait(false);
        }
    }

    // Snapshots of blobs are charged in full on a stamp: those of the point just replaced go as soon as the new one is published.
    private async Task ThinAsync(ReplicaSite site, ReplicaManifest? previous, ReplicaManifest current, CancellationToken cancellationToken)
    {
        foreach (var disk in previous?.Disks ?? [])
        {
            if (current.Disks.Any(now => now.Blob == disk.Blob && now.Snapshot == disk.Snapshot)) continue;
            try
            {
                await site.OpenDisk(disk.Blob).DeleteSnapshotAsync(disk.Snapshot, cancellationToken).ConfigureAwait(false);
            }
            catch (AzsException failure)
            {
                log.Warning($"The replaced point {disk.Snapshot} of {disk.Blob} is left behind on {target.HostName}: {failure.Message}");
            }
        }
    }

    private AzsException RunsOnTarget(VmDescription vm) => new(
        AzsErrorKind.Busy,
        "ReplicaFailedOver",
        $"The replica of VM '{vm.Name}' on {target.HostName} was failed over and may be in use; copying over it would lose what it did since.",
        "Fail it back first, or remove the replica.",
        vm.Id.ToString());
}
