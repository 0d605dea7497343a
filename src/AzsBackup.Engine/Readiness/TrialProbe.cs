using System.Text.Json.Nodes;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>
/// Does what a backup does, on an empty disk of its own: snapshots, read access, reading, page ranges, and what changed between two snapshots.
/// </summary>
internal sealed class TrialProbe(IStack stack, IRunIdSource runIds, TimeProvider clock, IRunLog log, SnapshotOptions options) : IReadinessProbe
{
    private const string Snapshots = "Snapshots";
    private const string Exports = "Reading exports";
    private const string Ranges = "Page ranges";
    private const string Changes = "Change reports";

    public static IReadOnlyList<string> Probes { get; } = [Snapshots, Exports, Ranges, Changes];

    public string Name => Snapshots;

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var name = $"azsbackup-trial-{runIds.Next()}";
        var disk = ResourceId.Create(stack.Connection.SubscriptionId, options.ResourceGroupName, "Microsoft.Compute/disks", name);
        using var first = new ManagedSnapshotAccess(stack, SnapshotOf(name + "-1"), options.GrantDuration);
        using var second = new ManagedSnapshotAccess(stack, SnapshotOf(name + "-2"), options.GrantDuration);
        var findings = new List<Finding>();
        try
        {
            await stack.Resources.EnsureGroupAsync(
                ResourceId.CreateGroup(stack.Connection.SubscriptionId, options.ResourceGroupName),
                stack.Connection.Location,
                "snapshots of running backups",
                cancellationToken).ConfigureAwait(false);
            await MakeAsync(disk, new JsonObject { ["createOption"] = "Empty" }, 1, cancellationToken).ConfigureAwait(false);
            foreach (var access in (ManagedSnapshotAccess[])[first, second])
            {
                var copy = new JsonObject { ["createOption"] = "Copy", ["sourceResourceId"] = disk.ToString() };
                await MakeAsync(access.Snapshot, copy, null, cancellationToken).ConfigureAwait(false);
            }

            findings.Add(new Finding(Snapshots, AzsReadinessStatus.Ready, "A disk and two snapshots of it were made."));
            var (earlier, later) = (first.OpenReader(), second.OpenReader());
            findings.Add(await TryAsync(Exports, () => ReadAsync(later, cancellationToken)).ConfigureAwait(false));
            findings.Add(await TryAsync(Ranges, () => ListAsync(later.GetRangesAsync(cancellationToken))).ConfigureAwait(false));
            findings.Add(await TryAsync(Changes, () => ListAsync(later.GetChangesAsync(earlier, cancellationToken))).ConfigureAwait(false));
        }
        catch (AzsException failure)
        {
            findings.Add(new Finding(Snapshots, AzsReadinessStatus.Missing, failure.Message, failure.NextStep));
        }
        finally
        {
            using var limit = CleanUpTime.Start(options.CancelledCleanUp, clock, cancellationToken);
            await Task.WhenAll(
                GiveBackAsync(first.Snapshot, () => first.DeleteAsync(limit.Token)),
                GiveBackAsync(second.Snapshot, () => second.DeleteAsync(limit.Token)),
                GiveBackAsync(disk, () => stack.Resources.DeleteAsync(disk, limit.Token))).ConfigureAwait(false);
        }

        return findings;
    }

    private static async Task<Finding> TryAsync(string probe, Func<Task<string>> work)
    {
        try
        {
            return new Finding(probe, AzsReadinessStatus.Ready, await work().ConfigureAwait(false));
        }
        catch (AzsException failure) when (probe == Changes && failure.ErrorId == "ChangesNotReported")
        {
            return new Finding(probe, AzsReadinessStatus.Limited, failure.Message, "Backups read all allocated ranges instead, and store only what changed.");
        }
        catch (AzsException failure)
        {
            return new Finding(probe, AzsReadinessStatus.Missing, failure.Message, failure.NextStep);
        }
    }

    private static async Task<string> ListAsync(IAsyncEnumerable<ByteRange> ranges)
    {
        var (count, bytes) = (0, 0L);
        await foreach (var range in ranges.ConfigureAwait(false)) (count, bytes) = (count + 1, bytes + range.Length);
        return $"The blob service named {count} ranges, {bytes} bytes.";
    }

    private async Task<string> ReadAsync(IPageBlobReader reader, CancellationToken cancellationToken)
    {
        var length = await reader.GetLengthAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(length - VhdFooter.Length, new byte[VhdFooter.Length], cancellationToken).ConfigureAwait(false);
        return $"A snapshot was exported and read; the stack is spoken to with blob version {stack.Connection.BlobServiceVersion}.";
    }

    private ResourceId SnapshotOf(string name) =>
        ResourceId.Create(stack.Connection.SubscriptionId, options.ResourceGroupName, "Microsoft.Compute/snapshots", name);

    private async Task MakeAsync(ResourceId id, JsonObject creation, int? sizeGiB, CancellationToken cancellationToken)
    {
        var properties = new JsonObject { ["creationData"] = creation };
        if (sizeGiB is not null) properties["diskSizeGB"] = sizeGiB;
        await stack.Resources.PutAsync(
            id,
            new JsonObject
            {
                ["location"] = stack.Connection.Location,
                ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
                ["tags"] = new JsonObject { ["azsbackup"] = "trial of Test-AzsStack" },
                ["properties"] = properties,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task GiveBackAsync(ResourceId id, Func<Task> delete)
    {
        try
        {
            await delete().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is AzsException or OperationCanceledException)
        {
            log.Warning($"{id} may be left behind and cost capacity: delete it. {CleanUpTime.ReasonOf(failure)}");
        }
    }
}
