using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>
/// Snapshots of several disks of one VM, made at once. Disposing gives every one of them back: access is revoked, the
/// snapshot deleted; after a cancellation within <see cref="SnapshotOptions.CancelledCleanUp"/>.
/// </summary>
public sealed class SnapshotSet : IAsyncDisposable
{
    private readonly List<HeldSnapshot> _held;
    private readonly IReadOnlyList<VmDisk> _disks;
    private readonly SnapshotOptions _options;
    private readonly TimeProvider _clock;
    private readonly IRunLog _log;
    private readonly CancellationToken _cancellation;

    private bool _kept;

    private SnapshotSet(List<HeldSnapshot> held, IReadOnlyList<VmDisk> disks, SnapshotOptions options, TimeProvider clock, IRunLog log, CancellationToken cancellation)
    {
        _held = held;
        _disks = disks;
        _options = options;
        _clock = clock;
        _log = log;
        _cancellation = cancellation;
    }

    /// <summary>The snapshots, in the order of the disks they were asked for.</summary>
    public IReadOnlyList<DiskSnapshot> Snapshots { get; private set; } = [];

    /// <summary>When they were asked for (UTC): nothing written to a disk before this is missing.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>The time between the first and the last of them, by the stack's clock where it tells, else by ours.</summary>
    public TimeSpan Spread { get; private set; }

    /// <summary>Finds out all that is needed to make the snapshots, so that making them takes one request each. Makes none.</summary>
    /// <param name="stack">The stack the VM runs on.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="disks">Which of its disks.</param>
    /// <param name="runId">Goes into the snapshots' names and tags.</param>
    /// <param name="options">How to make them.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told what is left behind, should cleaning up fail.</param>
    /// <param name="cancellationToken">Also tells the clean-up that it must be quick.</param>
    public static async Task<SnapshotSet> PrepareAsync(
        IStack stack,
        VmDescription vm,
        IReadOnlyList<VmDisk> disks,
        string runId,
        SnapshotOptions options,
        TimeProvider clock,
        IRunLog log,
        CancellationToken cancellationToken)
    {
        var held = new List<HeldSnapshot>(disks.Count);
        var location = vm.Body.FindText("location") ?? stack.Connection.Location;
        if (disks.Any(disk => disk.ManagedDisk is not null))
        {
            var group = ResourceId.CreateGroup(vm.Id.SubscriptionId, options.ResourceGroupName);
            await stack.Resources.EnsureGroupAsync(group, location, "snapshots of running backups", cancellationToken).ConfigureAwait(false);
        }

        foreach (var disk in disks)
        {
            held.Add(disk.Blob is { } blob
                ? new BlobHeldSnapshot(
                    await StorageAccounts.OpenBlobAsync(stack, vm.Id.SubscriptionId, blob, cancellationToken).ConfigureAwait(false),
                    SnapshotTags.ForBlob(TagsFor(vm, runId, options)))
                : new ManagedHeldSnapshot(
                    stack,
                    ResourceId.Create(
                        vm.Id.SubscriptionId, options.ResourceGroupName, "Microsoft.Compute/snapshots", NameFor(vm, disk, runId)),
                    disk,
                    location,
                    TagsFor(vm, runId, options),
                    options.GrantDuration,
                    clock));
        }

        return new SnapshotSet(held, disks, options, clock, log, cancellationToken);
    }

    /// <summary>Makes the snapshots, all at once. If one can't be made, disposing gives back those that were.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        CreatedAt = _clock.GetUtcNow().UtcDateTime;
        var made = await Task.WhenAll(_held.Select(async snapshot =>
        {
            var (reader, madeAt) = await snapshot.MakeAsync(cancellationToken).ConfigureAwait(false);
            return (reader, MadeAt: madeAt ?? _clock.GetUtcNow().UtcDateTime, snapshot.Reference);
        })).ConfigureAwait(false);
        Snapshots = _disks.Zip(made, (disk, snapshot) => new DiskSnapshot(disk, snapshot.MadeAt, snapshot.reader, snapshot.Reference)).ToList();
        Spread = made.Max(snapshot => snapshot.MadeAt) - made.Min(snapshot => snapshot.MadeAt);
    }

    /// <summary>
    /// Says that the snapshots stay on the stack when this is disposed of: from now on a published point refers to them.
    /// Only those with a <see cref="DiskSnapshot.Reference"/> are kept.
    /// </summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = CleanUpTime.Start(_options.CancelledCleanUp, _clock, _cancellation);
        await Task.WhenAll(_held.Select(snapshot => ReleaseAsync(snapshot, limit.Token))).ConfigureAwait(false);
        _held.ForEach(snapshot => snapshot.Dispose());
        _held.Clear();
    }

    private async Task ReleaseAsync(HeldSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            if (_kept && snapshot.Reference is not null) await snapshot.RevokeAsync(cancellationToken).ConfigureAwait(false);
            else await snapshot.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is AzsException or OperationCanceledException)
        {
            var reason = CleanUpTime.ReasonOf(failure);
            _log.Warning(_kept && snapshot.Reference is not null
                ? $"Read access to the {snapshot.Description} may last until it expires. {reason}"
                : $"The {snapshot.Description} may be left behind and cost capacity: delete it. {reason}");
        }
    }

    // At most 80 characters, letters, digits, '_', '-' and '.' (Microsoft.Compute's rule for snapshot names).
    private static string NameFor(VmDescription vm, VmDisk disk, string runId)
    {
        var tail = $"-{disk.Slot}-{runId}";
        const int longest = 80;
        const string prefix = "azsbackup-";
        var name = vm.Name.Length > longest - prefix.Length - tail.Length ? vm.Name[..(longest - prefix.Length - tail.Length)] : vm.Name;
        return prefix + name + tail;
    }

    private static Dictionary<string, string> TagsFor(VmDescription vm, string runId, SnapshotOptions options) => new(options.Tags)
    {
        [SnapshotTags.Run] = runId,
        [SnapshotTags.Vm] = SnapshotTags.ValueFor(vm),
    };
}
