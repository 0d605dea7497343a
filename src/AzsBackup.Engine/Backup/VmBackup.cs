using System.Collections.Concurrent;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>Backs VMs of one stack up to one vault. Safe for several VMs at once.</summary>
/// <param name="stack">Where the VMs run.</param>
/// <param name="vault">Where the points go.</param>
/// <param name="catalog">Describes the points made.</param>
/// <param name="budget">The memory all transfers share.</param>
/// <param name="clock">The time.</param>
/// <param name="runIds">Names for snapshots.</param>
/// <param name="log">Told what is going on.</param>
public sealed class VmBackup(
    IStack stack,
    BackupVault vault,
    VmPointCatalog catalog,
    TransferBudget budget,
    TimeProvider clock,
    IRunIdSource runIds,
    IRunLog log)
{
    /// <summary>Looks at the VM and says what a backup would do. Changes nothing.</summary>
    /// <exception cref="AzsException">The VM is not there, or can't be backed up as asked.</exception>
    public async Task<VmBackupPlan> PlanAsync(ResourceId vmId, VmBackupOptions options, CancellationToken cancellationToken)
    {
        if (options.Consistency != AzsConsistency.Crash)
        {
            throw new AzsException(
                AzsErrorKind.NotSupported,
                "ConsistencyNotSupported",
                $"This version makes crash-consistent backups only, not '{options.Consistency}' ones.",
                "Leave -Consistency out, or stop the VM first: the snapshots of a stopped VM are consistent with its shutdown.",
                vmId.ToString());
        }

        var vm = await VmDescription.ReadAsync(stack, vmId, cancellationToken).ConfigureAwait(false);
        return new VmBackupPlan(vm, options.Disks.Choose(vm.Name, vm.Disks, disk => (disk.Name, disk.Lun)), options);
    }

    /// <summary>Makes a recovery point. Whatever happens, the snapshots made for it are given back.</summary>
    public async Task<AzsVmRecoveryPoint> RunAsync(VmBackupPlan plan, CancellationToken cancellationToken)
    {
        var meter = new TransferMeter(plan.Vm.Name, "Backing up", clock, log);
        try
        {
            var session = await vault.BeginSessionAsync($"backup of {plan.Vm.Name}", cancellationToken).ConfigureAwait(false);
            await using var open = session.ConfigureAwait(false);
            var configuration = await new VmConfigCollector(stack.Resources, log)
                .CollectAsync(plan.Vm.Body, cancellationToken).ConfigureAwait(false);
            var snapshots = await SnapshotSet.CreateAsync(
                stack, plan.Vm, plan.Disks, runIds.Next(), plan.Options.Snapshots, clock, log, cancellationToken).ConfigureAwait(false);
            await using var held = snapshots.ConfigureAwait(false);
            log.Verbose($"Made {snapshots.Snapshots.Count} snapshots of VM '{plan.Vm.Name}' within {snapshots.Spread.TotalSeconds:0.0} s.");

            var disks = await AllOrNone.RunAsync(
                snapshots.Snapshots,
                (snapshot, cancelled) => StoreAsync(session, snapshot, plan.Options, meter, cancelled),
                cancellationToken).ConfigureAwait(false);
            var details = Describe(plan, snapshots, disks.Select(disk => disk.Disk).ToList(), meter.Elapsed);
            var draft = new PointDraft
            {
                Source = stack.HostName.ToLowerInvariant(),
                Item = plan.Vm.Id.ToString().ToLowerInvariant(),
                CreatedAt = snapshots.CreatedAt,
                Details = details.Write(),
                Streams = disks.Select(disk => disk.Stream).ToList(),
                Documents = configuration,
            };
            var pointId = await session.PublishAsync(draft, cancellationToken).ConfigureAwait(false);
            return catalog.Describe(new PointHeader { Id = pointId, CreatedAt = snapshots.CreatedAt }, details);
        }
        finally
        {
            meter.Finish();
        }
    }

    private async Task<(StreamDraft Stream, VmPointDisk Disk)> StoreAsync(
        VaultSession session, DiskSnapshot snapshot, VmBackupOptions options, TransferMeter meter, CancellationToken cancellationToken)
    {
        var size = await DiskTransfer.ReadDiskSizeAsync(snapshot.Disk, snapshot.Reader, cancellationToken).ConfigureAwait(false);
        var length = size + VhdFooter.Length;
        meter.Expect(length);
        var chunkSize = vault.Info.ChunkSize;
        var chunks = new ConcurrentBag<StreamChunk>();
        var stored = 0L;
        var transfer = new DiskTransfer(budget, options.RequestsInFlight);
        var read = await transfer.RunAsync(snapshot.Reader, length, chunkSize, meter, async (piece, bytes, cancelled) =>
        {
            for (var at = 0; at < bytes.Length; at += chunkSize)
            {
                var plain = bytes.Slice(at, Math.Min(chunkSize, bytes.Length - at));
                var chunk = await session.PutChunkAsync(plain, cancelled).ConfigureAwait(false);
                if (chunk.IsZero) continue;
                Interlocked.Add(ref stored, chunk.BytesStored);
                chunks.Add(new StreamChunk((piece.Offset + at) / chunkSize, chunk));
            }
        }, cancellationToken).ConfigureAwait(false);

        var stream = new StreamDraft { Name = snapshot.Disk.Slot, Length = length, Chunks = chunks.OrderBy(chunk => chunk.Number) };
        return (stream, new VmPointDisk
        {
            Name = snapshot.Disk.Name,
            Lun = snapshot.Disk.Lun,
            DiskId = snapshot.Disk.Id,
            SizeBytes = size,
            ChangeSource = AzsChangeSource.PageRanges,
            BytesRead = read,
            BytesStored = stored,
        });
    }

    private VmPointDetails Describe(VmBackupPlan plan, SnapshotSet snapshots, IReadOnlyList<VmPointDisk> disks, TimeSpan duration) => new()
    {
        VmName = plan.Vm.Name,
        VmId = plan.Vm.Id.ToString(),
        ResourceGroupName = plan.Vm.Id.ResourceGroupName!,
        Stack = stack.HostName,
        Consistency = AzsConsistency.Crash,
        SnapshotSpreadSeconds = snapshots.Spread.TotalSeconds,
        DurationSeconds = duration.TotalSeconds,
        Disks = disks,
    };
}
