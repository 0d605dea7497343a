using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Restore;

/// <summary>
/// Makes disks on a stack out of a vault's chunks. A managed disk goes by way of a page blob in an account of our own, from which
/// the stack imports it (a stamp is not known to take uploads into a disk); the account is removed whatever happens.
/// </summary>
internal sealed class DiskLanding(
    IStack stack, TransferBudget budget, TimeProvider clock, IRunIdSource runIds, IRunLog log)
{
    private const string Container = "azsbackup-restore";

    /// <summary>Makes the disks.</summary>
    /// <returns>How many bytes were sent.</returns>
    public async Task<long> RunAsync(
        PointReader point,
        IReadOnlyList<PlannedDisk> disks,
        StackRestoreOptions options,
        MadeResources made,
        TransferMeter meter,
        CancellationToken cancellationToken)
    {
        var staged = new MadeResources(stack, clock, log, cancellationToken) { CancelledCleanUp = options.CancelledCleanUp / 2 };
        await using var removing = staged.ConfigureAwait(false);
        var account = disks.Any(disk => disk.Body is not null)
            ? await MakeAccountAsync(options, staged, cancellationToken).ConfigureAwait(false)
            : null;
        var blobs = account is null ? null : await StorageAccounts.OpenAsync(stack, account, cancellationToken).ConfigureAwait(false);
        if (blobs is not null) await blobs.EnsureContainerAsync(Container, cancellationToken).ConfigureAwait(false);
        foreach (var disk in disks) meter.Expect(StreamOf(point, disk).Length);
        var sent = await AllOrNone.RunAsync(
            disks,
            async (disk, cancelled) =>
            {
                if (disk.Body is null) return await LandBlobAsync(point, disk, options, made, meter, cancelled).ConfigureAwait(false);
                var blob = blobs!.OpenPageBlob(Container, $"{VmDisk.SlotOf(disk.Source.Lun)}.vhd");
                var bytes = await SendAsync(point, StreamOf(point, disk), blob, options, meter, cancelled).ConfigureAwait(false);
                await made.PutAsync(disk.Target.ManagedDisk!, BodyOf(disk, blob.Uri, account!.Id), cancelled).ConfigureAwait(false);
                return bytes;
            },
            cancellationToken).ConfigureAwait(false);
        return sent.Sum();
    }

    private static StreamIndex StreamOf(PointReader point, PlannedDisk disk) =>
        point.Streams.First(stream => stream.Name == VmDisk.SlotOf(disk.Source.Lun));

    // Source: Microsoft.Compute 2019-07-01 disk.json, CreationData: storageAccountId is required for Import.
    private static JsonObject BodyOf(PlannedDisk disk, Uri blob, ResourceId account)
    {
        var body = disk.Body!.DeepClone().AsObject();
        body["properties"]!["creationData"] = new JsonObject
        {
            ["createOption"] = "Import",
            ["sourceUri"] = blob.AbsoluteUri,
            ["storageAccountId"] = account.ToString(),
        };
        return body;
    }

    private async Task<ResourceBody> MakeAccountAsync(StackRestoreOptions options, MadeResources staged, CancellationToken cancellationToken)
    {
        var run = runIds.Next();
        var location = stack.Connection.Location;
        var group = options.StagingResourceGroupName ?? $"azsbackup-restore-{run}";
        await staged.EnsureGroupAsync(ResourceId.CreateGroup(options.Map.SubscriptionId, group), location, cancellationToken).ConfigureAwait(false);

        // An account's name is unique on the whole stack: the subscription's hash keeps apart what two tenants' runs make.
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(options.Map.SubscriptionId))).ToLowerInvariant();
        var id = ResourceId.Create(options.Map.SubscriptionId, group, ResourceTypes.StorageAccount, $"azsrestore{run}{hash[..6]}");
        var body = new JsonObject
        {
            ["location"] = location,
            ["kind"] = "Storage",
            ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
            ["tags"] = new JsonObject { ["azsbackup"] = "restore" },
            ["properties"] = new JsonObject { ["supportsHttpsTrafficOnly"] = true },
        };
        return await staged.PutAsync(id, body, cancellationToken).ConfigureAwait(false);
    }

    private async Task<long> LandBlobAsync(
        PointReader point, PlannedDisk disk, StackRestoreOptions options, MadeResources made, TransferMeter meter, CancellationToken cancellationToken)
    {
        var account = await StorageAccounts.OpenAsync(stack, disk.Account!, cancellationToken).ConfigureAwait(false);
        await account.EnsureContainerAsync(PlannedDisk.Container, cancellationToken).ConfigureAwait(false);
        var blob = account.OpenPageBlob(PlannedDisk.Container, disk.BlobName);
        if (await blob.ExistsAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new AzsException(AzsErrorKind.AlreadyExists, "NameTaken", $"There is a blob {disk.Target.Place} already.", "Give other names with -NamePrefix or -NameMap.", disk.Target.Place);
        }

        made.Remember(disk.Target.Place, blob.DeleteAsync);
        return await SendAsync(point, StreamOf(point, disk), blob, options, meter, cancellationToken).ConfigureAwait(false);
    }

    private async Task<long> SendAsync(
        PointReader point, StreamIndex stream, IPageBlob blob, StackRestoreOptions options, TransferMeter meter, CancellationToken cancellationToken)
    {
        await blob.CreateAsync(stream.Length, cancellationToken).ConfigureAwait(false);
        var sink = new PageBlobSink(blob);
        var (read, sent) = (0L, 0L);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.ChunksInFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(stream.Chunks, parallel, async (chunk, cancelled) =>
        {
            using var buffer = await budget.TakeAsync(cancelled).ConfigureAwait(false);
            var length = await point.ReadChunkAsync(stream, chunk.Number, buffer.Slice(stream.ChunkSize), cancelled).ConfigureAwait(false);
            var written = await sink.WriteAsync(chunk.Number * stream.ChunkSize, buffer.Slice(length), cancelled).ConfigureAwait(false);
            Interlocked.Add(ref read, length);
            Interlocked.Add(ref sent, written);
            meter.Add(length);
        }).ConfigureAwait(false);
        meter.Add(stream.Length - read);
        return sent;
    }
}
