using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>Writes the configuration of everything in a scope to a folder, one file each, and says of each what became of it.</summary>
/// <param name="stack">The stack.</param>
/// <param name="clock">The time, for the manifest.</param>
/// <param name="log">Told what is going on.</param>
public sealed class ConfigCapture(IStack stack, TimeProvider clock, IRunLog log)
{
    // Children that /resources does not list on every stack. What it does list is captured once all the same.
    private static readonly Dictionary<string, string[]> ChildCollections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.Compute/virtualMachines"] = ["extensions"],
        ["Microsoft.Network/dnsZones"] = ["recordsets"],
    };

    /// <summary>
    /// Runs a capture. Results come as they are ready, in no order; the manifest is written when all have been read.
    /// Files of resources that an earlier capture in the same folder held and that are gone now are deleted.
    /// </summary>
    /// <exception cref="AzsException">The folder can't be used, or the stack can't be listed.</exception>
    public async IAsyncEnumerable<AzsResourceConfig> RunAsync(
        CaptureOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = CaptureFolder.Open(options.Path);
        var earlier = await folder.FindAsync(CaptureManifest.FileName, cancellationToken).ConfigureAwait(false) is { } json
            ? CaptureManifest.Read(json, options.Path)
            : null;
        var startedAt = clock.GetUtcNow().UtcDateTime;
        var results = Channel.CreateBounded<AzsResourceConfig>(options.ThrottleLimit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = Task.Run(() => CaptureAllAsync(options, folder, results.Writer, stop.Token), CancellationToken.None);
        var entries = new List<CaptureEntry>();
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                entries.Add(ToEntry(folder, result));
                yield return result;
            }
        }
        finally
        {
            // Whoever reads the results may stop early: the work must not outlive that.
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work.ConfigureAwait(false);
        await PublishAsync(options, folder, earlier, entries, startedAt, cancellationToken).ConfigureAwait(false);
    }

    private async Task CaptureAllAsync(
        CaptureOptions options, CaptureFolder folder, ChannelWriter<AzsResourceConfig> results, CancellationToken cancellationToken)
    {
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.ThrottleLimit, CancellationToken = cancellationToken };
            var captured = new ConcurrentDictionary<ResourceId, bool>();
            await Parallel.ForEachAsync(ListAllAsync(options, results, cancellationToken), parallel, async (listed, cancelled) =>
            {
                if (!captured.TryAdd(listed.Id, true)) return;
                var result = await CaptureAsync(listed, folder, captured, results, cancelled).ConfigureAwait(false);
                await results.WriteAsync(result, cancelled).ConfigureAwait(false);
            }).ConfigureAwait(false);
            results.Complete();
        }
        catch (Exception failure)
        {
            results.Complete(failure);
        }
    }

    private async IAsyncEnumerable<ListedResource> ListAllAsync(
        CaptureOptions options, ChannelWriter<AzsResourceConfig> results, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = new TenantListing(stack.Resources);
        foreach (var scope in options.Scopes)
        {
            log.Verbose($"Listing {scope} on {stack.HostName}.");
            var refused = new List<AzsResourceConfig>();
            var listed = listing.ListAsync(
                scope, (path, type, why) => refused.Add(Failed(path, type, "*", scope, why)), cancellationToken);
            await foreach (var resource in listed.ConfigureAwait(false)) yield return resource;
            foreach (var part in refused) await results.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<AzsResourceConfig> CaptureAsync(
        ListedResource listed,
        CaptureFolder folder,
        ConcurrentDictionary<ResourceId, bool> captured,
        ChannelWriter<AzsResourceConfig> results,
        CancellationToken cancellationToken)
    {
        ResourceBody body;
        try
        {
            body = listed.Body ?? await stack.Resources.GetAsync(listed.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException gone) when (gone.Kind == AzsErrorKind.NotFound)
        {
            return Describe(listed.Id, AzsCaptureStatus.Skipped, "It does not exist, or was deleted while the export ran.");
        }
        catch (AzsException failure)
        {
            return Describe(listed.Id, AzsCaptureStatus.Failed, failure.Message);
        }

        var missing = await CaptureChildrenAsync(body.Id, folder, captured, results, cancellationToken).ConfigureAwait(false);
        return await WriteAsync(body, folder, missing, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> CaptureChildrenAsync(
        ResourceId parent,
        CaptureFolder folder,
        ConcurrentDictionary<ResourceId, bool> captured,
        ChannelWriter<AzsResourceConfig> results,
        CancellationToken cancellationToken)
    {
        if (!ChildCollections.TryGetValue(parent.Type, out var collections)) return null;
        string? missing = null;
        foreach (var collection in collections)
        {
            try
            {
                var children = stack.Resources.ListAsync($"{parent}/{collection}", $"{parent.Type}/{collection}", cancellationToken);
                await foreach (var child in children.ConfigureAwait(false))
                {
                    if (!captured.TryAdd(child.Id, true)) continue;
                    var result = await WriteAsync(child, folder, null, cancellationToken).ConfigureAwait(false);
                    await results.WriteAsync(result, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (AzsException failure)
            {
                missing = $"Its {collection} could not be listed: {failure.Message}";
            }
        }

        return missing;
    }

    private static async Task<AzsResourceConfig> WriteAsync(
        ResourceBody body, CaptureFolder folder, string? missing, CancellationToken cancellationToken)
    {
        var file = await folder
            .WriteAsync(CapturePath.For(body.Id), CanonicalJson.Write(body.Json), cancellationToken).ConfigureAwait(false);
        var status = missing is null ? AzsCaptureStatus.Captured : AzsCaptureStatus.Partial;
        return Describe(body.Id, status, missing) with { ApiVersion = body.ApiVersion, RequestId = body.RequestId, File = file };
    }

    private async Task PublishAsync(
        CaptureOptions options,
        CaptureFolder folder,
        CaptureManifest? earlier,
        List<CaptureEntry> entries,
        DateTime startedAt,
        CancellationToken cancellationToken)
    {
        var (resources, gone) = CaptureMerge.Merge(options.Scopes, entries, earlier?.Resources ?? []);
        foreach (var file in gone) folder.Delete(file);
        var manifest = new CaptureManifest
        {
            Stack = stack.HostName,
            Scopes = options.Scopes.Select(scope => scope.ToString())
                .Concat(earlier?.Scopes ?? [])
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase)
                .ToList(),
            CapturedAt = startedAt,
            Resources = resources,
        };
        await folder.WriteAsync(CaptureManifest.FileName, manifest.Write(), cancellationToken).ConfigureAwait(false);
    }

    private static CaptureEntry ToEntry(CaptureFolder folder, AzsResourceConfig result) => new()
    {
        Id = result.ResourceId,
        Type = result.Type,
        Status = result.Status,
        Reason = result.Reason,
        ApiVersion = result.ApiVersion,
        RequestId = result.RequestId,
        File = result.File is null ? null : Path.GetRelativePath(folder.Path, result.File).Replace('\\', '/'),
    };

    private static AzsResourceConfig Describe(ResourceId id, AzsCaptureStatus status, string? reason) => new()
    {
        ResourceId = id.ToString(),
        Type = id.Type,
        Name = id.FullName,
        ResourceGroupName = id.ResourceGroupName,
        SubscriptionId = id.SubscriptionId,
        Status = status,
        Reason = reason,
    };

    private static AzsResourceConfig Failed(string path, string type, string name, ResourceId scope, AzsException why) => new()
    {
        ResourceId = path,
        Type = type,
        Name = name,
        ResourceGroupName = scope.ResourceGroupName,
        SubscriptionId = scope.SubscriptionId,
        Status = AzsCaptureStatus.Failed,
        Reason = $"Could not be listed: {why.Message}",
    };
}
