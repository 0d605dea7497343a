using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>
/// The newest point of a VM with the snapshots it kept on the stack. Disposing gives read access to them back; after
/// <see cref="Replace"/> it deletes them.
/// </summary>
internal sealed class VmBasis : IAsyncDisposable
{
    private readonly Dictionary<string, DiskBasis> _disks = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<EarlierSnapshot> _snapshots = [];
    private readonly SnapshotOptions _options;
    private readonly TimeProvider _clock;
    private readonly IRunLog _log;
    private readonly CancellationToken _cancellation;
    private bool _replaced;

    private VmBasis(SnapshotOptions options, TimeProvider clock, IRunLog log, CancellationToken cancellation)
    {
        _options = options;
        _clock = clock;
        _log = log;
        _cancellation = cancellation;
    }

    /// <summary>The ids of the snapshots the newest point keeps, also of disks that are not backed up now.</summary>
    public IReadOnlyCollection<string> KeptIds { get; private set; } = [];

    /// <summary>Opens what the newest point of a VM offers to build on.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="vault">The vault.</param>
    /// <param name="newest">The VM's newest point.</param>
    /// <param name="plan">What is to be backed up.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told why a disk has nothing to build on.</param>
    /// <param name="cancellationToken">Also tells the clean-up that it must be quick.</param>
    public static async Task<VmBasis> OpenAsync(
        IStack stack,
        BackupVault vault,
        (PointHeader Header, VmPointDetails Details)? newest,
        VmBackupPlan plan,
        TimeProvider clock,
        IRunLog log,
        CancellationToken cancellationToken)
    {
        var basis = new VmBasis(plan.Options.Snapshots, clock, log, cancellationToken);
        if (newest is not var (header, details)) return basis;
        basis.KeptIds = details.Disks.Select(disk => disk.Kept?.Id).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (basis.KeptIds.Count == 0) return basis;
        var indexes = await basis.ReadIndexesAsync(vault, header, cancellationToken).ConfigureAwait(false);
        if (indexes.Count == 0)
        {
            // Its snapshots are of no use to anybody.
            basis.KeptIds = [];
            return basis;
        }

        foreach (var earlier in details.Disks)
        {
            var disk = plan.Vm.Disks.FirstOrDefault(disk => disk.Id.Equals(earlier.DiskId, StringComparison.OrdinalIgnoreCase));
            if (earlier.Kept is not { } kept || disk is null) continue;
            var snapshot = await EarlierSnapshot
                .OpenAsync(stack, plan.Vm, disk, kept, plan.Options.Snapshots.GrantDuration, cancellationToken).ConfigureAwait(false);
            if (snapshot is null) continue;
            basis._snapshots.Add(snapshot);

            // The disk may have moved to another LUN since: its stream is named after the one it had.
            var index = indexes.FirstOrDefault(stream => stream.Name == VmDisk.SlotOf(earlier.Lun));
            if (index is not null) basis._disks.Add(disk.Id, new DiskBasis(index, snapshot));
        }

        return basis;
    }

    /// <summary>What a disk's backup can build on, or null.</summary>
    public DiskBasis? Find(VmDisk disk) => _disks.GetValueOrDefault(disk.Id);

    /// <summary>Says that a newer point is published, so that the snapshots are of no more use.</summary>
    public void Replace() => _replaced = true;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = CleanUpTime.Start(_options.CancelledCleanUp, _clock, _cancellation);
        await Task.WhenAll(_snapshots.Select(snapshot => ReleaseAsync(snapshot, limit.Token))).ConfigureAwait(false);
        _snapshots.ForEach(snapshot => snapshot.Dispose());
        _snapshots.Clear();
    }

    private async Task<IReadOnlyList<StreamIndex>> ReadIndexesAsync(BackupVault vault, PointHeader header, CancellationToken cancellationToken)
    {
        try
        {
            return (await vault.OpenPointAsync(header, cancellationToken).ConfigureAwait(false)).Streams;
        }
        catch (AzsException damaged) when (damaged.Kind is AzsErrorKind.DataDamaged or AzsErrorKind.NotFound)
        {
            _log.Warning($"The newest recovery point {header.Id} can't be built on, so all allocated ranges are read. {damaged.Message}");
            return [];
        }
    }

    private async Task ReleaseAsync(EarlierSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            if (_replaced) await snapshot.DeleteAsync(cancellationToken).ConfigureAwait(false);
            else await snapshot.RevokeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is AzsException or OperationCanceledException)
        {
            var reason = CleanUpTime.ReasonOf(failure);
            _log.Warning(_replaced
                ? $"The {snapshot.Description} of the previous point may be left behind; the VM's next backup deletes it. {reason}"
                : $"Read access to the {snapshot.Description} may last until it expires. {reason}");
        }
    }
}
