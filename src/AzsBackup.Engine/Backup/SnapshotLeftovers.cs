using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>Deletes the snapshots of one VM that runs into one vault left behind when they died: no point keeps them, nobody reads them.</summary>
internal sealed class SnapshotLeftovers(IStack stack, BackupVault vault, IRunLog log)
{
    private const string Type = "Microsoft.Compute/snapshots";

    /// <summary>A session beats every ten minutes: after so long a silence its process is dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(45);

    /// <summary>Deletes them. A failure is warned of and stops nothing.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="options">Where snapshots are made.</param>
    /// <param name="keptIds">The snapshots that are still of use: the VM's newest point keeps them, or this run goes on from them.</param>
    /// <param name="sessionId">The session of this run, living.</param>
    /// <param name="deadSessions">Sessions that are known to be dead, whatever was heard of them.</param>
    /// <param name="cancellationToken">Stops the deleting.</param>
    public async Task RemoveAsync(
        VmDescription vm,
        SnapshotOptions options,
        IReadOnlyCollection<string> keptIds,
        string sessionId,
        IReadOnlySet<string> deadSessions,
        CancellationToken cancellationToken)
    {
        try
        {
            var found = await FindAsync(vm, options, keptIds, cancellationToken).ConfigureAwait(false);
            var blobs = await FindBlobsAsync(vm, keptIds, cancellationToken).ConfigureAwait(false);
            if (found.Count == 0 && blobs.Count == 0) return;
            var living = await ListLivingAsync(sessionId, cancellationToken).ConfigureAwait(false);
            living.ExceptWith(deadSessions);
            foreach (var snapshot in found.Where(snapshot => !living.Contains(snapshot.FindText("tags", SnapshotTags.Session) ?? "")))
            {
                await stack.Resources.PostAsync(snapshot.Id, "endGetAccess", null, cancellationToken).ConfigureAwait(false);
                await stack.Resources.DeleteAsync(snapshot.Id, cancellationToken).ConfigureAwait(false);
                log.Verbose($"Deleted snapshot {snapshot.Id}, which a run that died had left behind.");
            }

            foreach (var (blob, snapshot) in blobs.Where(found => !living.Contains(found.Snapshot.Metadata.GetValueOrDefault(SnapshotTags.BlobSession, ""))))
            {
                await blob.DeleteSnapshotAsync(snapshot.Name, cancellationToken).ConfigureAwait(false);
                log.Verbose($"Deleted blob snapshot {snapshot.Name} of {blob.Uri}, which a run that died had left behind.");
            }
        }
        catch (AzsException failure)
        {
            log.Warning($"Snapshots that earlier runs of VM '{vm.Name}' left behind could not all be deleted. {failure.Message}");
        }
    }

    private async Task<List<ResourceBody>> FindAsync(
        VmDescription vm, SnapshotOptions options, IReadOnlyCollection<string> keptIds, CancellationToken cancellationToken)
    {
        var found = new List<ResourceBody>();
        var group = ResourceId.CreateGroup(vm.Id.SubscriptionId, options.ResourceGroupName);
        try
        {
            await foreach (var snapshot in stack.Resources.ListAsync($"{group}/providers/{Type}", Type, cancellationToken).ConfigureAwait(false))
            {
                if (snapshot.FindText("tags", SnapshotTags.Vault) == vault.Info.Id.ToString()
                    && snapshot.FindText("tags", SnapshotTags.Vm) == SnapshotTags.ValueFor(vm)
                    && !keptIds.Contains(snapshot.Id.ToString(), StringComparer.OrdinalIgnoreCase))
                {
                    found.Add(snapshot);
                }
            }
        }
        catch (AzsException missing) when (missing.Kind == AzsErrorKind.NotFound)
        {
            // No run has ever made the group.
        }

        return found;
    }

    private async Task<List<(IPageBlob Blob, PageBlobSnapshot Snapshot)>> FindBlobsAsync(
        VmDescription vm, IReadOnlyCollection<string> keptIds, CancellationToken cancellationToken)
    {
        var found = new List<(IPageBlob Blob, PageBlobSnapshot Snapshot)>();
        foreach (var uri in vm.Disks.Select(disk => disk.Blob).OfType<Uri>())
        {
            var blob = await StorageAccounts.OpenBlobAsync(stack, vm.Id.SubscriptionId, uri, cancellationToken).ConfigureAwait(false);
            await foreach (var snapshot in blob.ListSnapshotsAsync(cancellationToken).ConfigureAwait(false))
            {
                if (snapshot.Metadata.GetValueOrDefault(SnapshotTags.BlobVault) == vault.Info.Id.ToString() && !keptIds.Contains(snapshot.Name))
                    found.Add((blob, snapshot));
            }
        }

        return found;
    }

    private async Task<HashSet<string>> ListLivingAsync(string sessionId, CancellationToken cancellationToken)
    {
        var writers = await vault.ListWritersAsync(cancellationToken).ConfigureAwait(false);

        // This run's session has just begun: when it was heard of is the store's time now.
        var now = writers.FirstOrDefault(writer => writer.SessionId == sessionId)?.HeardAt;
        return writers.Where(writer => now is null || now - writer.HeardAt < Silence).Select(writer => writer.SessionId).ToHashSet();
    }
}
