using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Restore;

/// <summary>Ends a restore in place: deletes the disks it replaced, or gives them back to the VM and deletes the restored ones.</summary>
/// <param name="stack">The stack the VM is on.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what is going on.</param>
public sealed class RestoreCompletion(IStack stack, TimeProvider clock, IRunLog log)
{
    private readonly ReplacedDisks _replaced = new(stack);

    /// <summary>The disks that restores in place took from a VM and that are still kept.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="known">The replaced disks, where the result of the restore is at hand: unmanaged ones bear no mark.</param>
    /// <param name="cancellationToken">Stops the questions to the stack.</param>
    /// <exception cref="AzsException"><c>NothingToComplete</c>.</exception>
    public async Task<IReadOnlyList<RebuildDisk>> FindAsync(ResourceId vm, IEnumerable<AzsRestoredDisk> known, CancellationToken cancellationToken)
    {
        var found = (await _replaced.FindAsync(vm, cancellationToken).ConfigureAwait(false)).Select(disk => disk.Disk).ToList();
        found.AddRange(known
            .Where(disk => Uri.TryCreate(disk.ReplacedDiskId, UriKind.Absolute, out var blob) && blob.Scheme.StartsWith("http", StringComparison.Ordinal))
            .Select(disk => new RebuildDisk { Lun = disk.Lun, SizeBytes = disk.SizeBytes, Blob = new Uri(disk.ReplacedDiskId!) }));
        return found.Count > 0
            ? found
            : throw new AzsException(
                AzsErrorKind.NotFound,
                "NothingToComplete",
                $"No restore in place of VM '{vm.Name}' waits to be completed.",
                "For a VM with unmanaged disks, give the object that Restore-AzsVmBackup gave.",
                vm.ToString());
    }

    /// <summary>Deletes the disks that were replaced.</summary>
    public async Task CompleteAsync(IReadOnlyList<RebuildDisk> replaced, CancellationToken cancellationToken)
    {
        foreach (var disk in replaced) await DeleteAsync(disk, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the VM the disks back that were replaced, and deletes those that replaced them.</summary>
    public async Task UndoAsync(ResourceId id, IReadOnlyList<RebuildDisk> replaced, CancellationToken cancellationToken)
    {
        var body = await stack.Resources.GetAsync(id, cancellationToken).ConfigureAwait(false);
        var extensions = new List<ResourceBody>();
        await foreach (var extension in stack.Resources.ListAsync($"{id}/extensions", $"{VmScope.VmType}/extensions", cancellationToken).ConfigureAwait(false)) extensions.Add(extension);
        var vm = CapturedVm.Of(body, extensions, stack.HostName);
        var now = VmDescription.Describe(body).Disks
            .Select(disk => new RebuildDisk { Lun = disk.Lun, SizeBytes = 0, ManagedDisk = disk.ManagedDisk, Blob = disk.Blob }).ToList();
        var then = now.Where(disk => replaced.All(other => other.Lun != disk.Lun)).Concat(replaced).OrderBy(disk => disk.Lun ?? -1).ToList();
        await new VmExchange(stack, clock, log).RunAsync(vm, now, then, cancellationToken).ConfigureAwait(false);
        foreach (var disk in replaced.Where(disk => disk.ManagedDisk is not null)) await _replaced.UnmarkAsync(disk.ManagedDisk!, cancellationToken).ConfigureAwait(false);
        foreach (var disk in now.Where(disk => then.All(other => other.Place != disk.Place))) await DeleteAsync(disk, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteAsync(RebuildDisk disk, CancellationToken cancellationToken)
    {
        if (disk.ManagedDisk is { } managed)
        {
            await stack.Resources.DeleteAsync(managed, cancellationToken).ConfigureAwait(false);
            return;
        }

        var blob = await StorageAccounts.OpenBlobAsync(stack, stack.Connection.SubscriptionId, disk.Blob!, cancellationToken).ConfigureAwait(false);
        await blob.DeleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
