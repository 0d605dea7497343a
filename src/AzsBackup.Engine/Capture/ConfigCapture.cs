using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>Writes the configuration of everything in a scope, one document each, and says of each resource what became of it.</summary>
/// <param name="stack">The stack.</param>
/// <param name="clock">The time, for the manifest.</param>
/// <param name="log">Told what is going on.</param>
public sealed class ConfigCapture(IStack stack, TimeProvider clock, IRunLog log)
{
    /// <summary>
    /// Runs a capture. Results come as they are ready, in no order, each resource once; the capture is published when all have
    /// been read. What an earlier capture in the same folder held and is gone now is deleted from it.
    /// </summary>
    /// <exception cref="AzsException">The capture can't be written, or the stack can't be listed.</exception>
    public async IAsyncEnumerable<AzsResourceConfig> RunAsync(
        CaptureOptions options, ICaptureStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var earlier = await store.FindEarlierAsync(cancellationToken).ConfigureAwait(false);
        var startedAt = clock.GetUtcNow().UtcDateTime;
        var results = Channel.CreateBounded<CapturedResource>(options.ThrottleLimit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = new CaptureRun(stack.Resources, ResourceTypeTable.Default, store, options, log, results.Writer.WriteAsync);
        var work = Task.Run(() => CompleteAsync(run, results.Writer, stop.Token), CancellationToken.None);
        var entries = new List<CaptureEntry>();
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                entries.Add(result.Entry);
                yield return result.ToResult(store);
            }
        }
        finally
        {
            // Whoever reads the results may stop early: the work must not outlive that.
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work.ConfigureAwait(false);
        await PublishAsync(options, store, earlier, entries, startedAt, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CompleteAsync(CaptureRun run, ChannelWriter<CapturedResource> results, CancellationToken cancellationToken)
    {
        try
        {
            await run.RunAsync(cancellationToken).ConfigureAwait(false);
            results.Complete();
        }
        catch (Exception failure)
        {
            results.Complete(failure);
        }
    }

    private async Task PublishAsync(
        CaptureOptions options,
        ICaptureStore store,
        CaptureManifest? earlier,
        List<CaptureEntry> entries,
        DateTime startedAt,
        CancellationToken cancellationToken)
    {
        var (resources, gone) = CaptureMerge.Merge(options.Scopes, entries, earlier?.Resources ?? []);
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
        await store.PublishAsync(manifest, gone, cancellationToken).ConfigureAwait(false);
    }
}
