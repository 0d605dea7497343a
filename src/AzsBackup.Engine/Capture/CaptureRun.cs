using System.Collections.Concurrent;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// Reads everything that was listed, writes it, and gives each resource to <paramref name="emit"/> once, with its status.
/// </summary>
internal sealed class CaptureRun(
    IResourceClient resources,
    ResourceTypeTable types,
    ICaptureStore store,
    CaptureOptions options,
    IRunLog log,
    Func<CapturedResource, CancellationToken, ValueTask> emit)
{
    private readonly IdSpelling _spelling = new(types);
    private readonly ConcurrentDictionary<ResourceId, bool> _seen = new();
    private readonly ConcurrentQueue<ResourceId> _singles = new();
    private readonly ConcurrentQueue<CapturedResource> _parents = new();
    private readonly ConcurrentDictionary<(string Parent, string Below), bool> _notOffered = new();
    private readonly ReadGate _gate = new();

    /// <summary>Runs.</summary>
    /// <exception cref="AzsException">A scope can't be listed, or the store can't be written.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var listing = new CaptureListing(resources, types, _spelling, log);
        var scopes = options.Scopes.Where(scope => !options.Scopes.Any(wider => !wider.Equals(scope) && CaptureManifest.Covers([wider], scope.ToString())));
        foreach (var scope in scopes.Distinct()) await listing.AddAsync(scope, cancellationToken).ConfigureAwait(false);
        foreach (var id in listing.Singles) _singles.Enqueue(id);

        await ForEachAsync(listing.Bodies, TakeAsync, cancellationToken).ConfigureAwait(false);
        await ForEachAsync(listing.Lists, ReadListAsync, cancellationToken).ConfigureAwait(false);
        await ForEachAsync(_singles.Distinct(), ReadOneAsync, cancellationToken).ConfigureAwait(false);
        await ForEachAsync(_parents, ReadBelowAsync, cancellationToken).ConfigureAwait(false);
    }

    private Task ForEachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.ThrottleLimit, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(items, parallel, work);
    }

    private async ValueTask ReadListAsync(CaptureList list, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var body in resources.ListAsync(list.Path, list.Type.Type, cancellationToken).ConfigureAwait(false))
            {
                if (!CaptureManifest.Covers([list.Scope], body.Id.ToString()) || !IsTenants(body, list.Type)) continue;
                if (body.Find("properties") is null) _singles.Enqueue(body.Id);
                else await TakeAsync(body, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (AzsException failure) when (list.Expected.Count == 0 && failure.Kind is AzsErrorKind.NotSupported or AzsErrorKind.NotFound)
        {
            log.Verbose($"The stack has no {list.Type.Type}: {SecretRedaction.Redact(failure.Message)}");
        }
        catch (AzsException failure) when (list.Expected.Count > 0 && failure.Kind != AzsErrorKind.StorageFailed)
        {
            log.Verbose($"{list.Path} could not be listed, so its resources are read one by one: {SecretRedaction.Redact(failure.Message)}");
        }
        catch (AzsException failure) when (failure.Kind != AzsErrorKind.StorageFailed)
        {
            var refused = CapturedResource.Refused(list.Path, list.Type.Type, list.Scope, SecretRedaction.Redact(failure.Message));
            await emit(refused, cancellationToken).ConfigureAwait(false);
        }

        foreach (var id in list.Expected.Where(id => !_seen.ContainsKey(id))) _singles.Enqueue(id);
    }

    private async ValueTask ReadOneAsync(ResourceId id, CancellationToken cancellationToken)
    {
        if (_seen.ContainsKey(id)) return;
        CapturedResource missing;
        try
        {
            if (_gate.RefusalOf(id.Type) is not { } refusal)
            {
                var body = await resources.GetAsync(id, cancellationToken).ConfigureAwait(false);
                _gate.Succeeded(id.Type);
                await TakeAsync(body, cancellationToken).ConfigureAwait(false);
                return;
            }

            missing = CapturedResource.Missing(id, AzsCaptureStatus.Failed, SecretRedaction.Redact(refusal));
        }
        catch (AzsException gone) when (gone.Kind == AzsErrorKind.NotFound)
        {
            missing = CapturedResource.Missing(id, AzsCaptureStatus.Skipped, "It does not exist, or was deleted while the export ran.");
        }
        catch (AzsException failure) when (failure.Kind != AzsErrorKind.StorageFailed)
        {
            _gate.Failed(id.Type, failure);
            missing = CapturedResource.Missing(id, AzsCaptureStatus.Failed, SecretRedaction.Redact(failure.Message));
        }

        if (_seen.TryAdd(id, true)) await emit(missing, cancellationToken).ConfigureAwait(false);
    }

    // Emits what is whole with its own body; what has others below it waits for them.
    private async ValueTask TakeAsync(ResourceBody body, CancellationToken cancellationToken)
    {
        if (await WriteAsync(body, cancellationToken).ConfigureAwait(false) is not { } written) return;
        if (written.HasBelow) _parents.Enqueue(written);
        else await emit(written, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CapturedResource?> WriteAsync(ResourceBody body, CancellationToken cancellationToken)
    {
        if (!_seen.TryAdd(body.Id, true)) return null;
        var file = CapturePath.For(body.Id);
        await store.WriteAsync(file, new ResourceDocument(types, _spelling).Write(body), cancellationToken).ConfigureAwait(false);
        return CapturedResource.Written(body, file, types.Find(body.Id.Type));
    }

    private async ValueTask ReadBelowAsync(CapturedResource parent, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var collection in parent.Type!.Children)
        {
            await ReadBelowAsync(parent, $"{parent.Id}/{collection}", $"{parent.Type.Type}/{collection}", missing, cancellationToken).ConfigureAwait(false);
        }

        foreach (var extension in parent.Type.Extensions)
        {
            await ReadBelowAsync(parent, $"{parent.Id}/providers/{extension}", extension, missing, cancellationToken).ConfigureAwait(false);
        }

        var whole = missing.Count == 0 ? parent : parent with
        {
            Entry = parent.Entry with { Status = AzsCaptureStatus.Partial, Reason = string.Join(' ', missing) },
        };
        await emit(whole, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadBelowAsync(CapturedResource parent, string path, string type, List<string> missing, CancellationToken cancellationToken)
    {
        var kind = (parent.Type!.Type, type);
        if (_notOffered.ContainsKey(kind)) return;
        var what = type[(type.LastIndexOf('/') + 1)..];
        if (_gate.RefusalOf(type) is { } refusal)
        {
            missing.Add($"Its {what} are missing. {SecretRedaction.Redact(refusal)}");
            return;
        }

        try
        {
            await foreach (var body in resources.ListAsync(path, type, cancellationToken).ConfigureAwait(false))
            {
                if (!CaptureManifest.Covers([parent.Id], body.Id.ToString())) continue;
                if (await WriteAsync(body, cancellationToken).ConfigureAwait(false) is not { } written) continue;
                if (written.HasBelow) await ReadBelowAsync(written, cancellationToken).ConfigureAwait(false);
                else await emit(written, cancellationToken).ConfigureAwait(false);
            }

            _gate.Succeeded(type);
        }
        catch (AzsException failure) when (failure.Kind == AzsErrorKind.NotSupported)
        {
            _notOffered[kind] = true;
            log.Verbose($"The stack has no {type} on {parent.Type.Type}: {SecretRedaction.Redact(failure.Message)}");
        }
        catch (AzsException failure) when (failure.Kind == AzsErrorKind.NotFound)
        {
            missing.Add($"It was deleted while the export ran, before its {what} were listed.");
        }
        catch (AzsException failure) when (failure.Kind != AzsErrorKind.StorageFailed)
        {
            _gate.Failed(type, failure);
            missing.Add($"Its {what} could not be listed: {SecretRedaction.Redact(failure.Message)}");
        }
    }

    // Roles and policies that come with the stack are in the same lists.
    private static bool IsTenants(ResourceBody body, ResourceTypeDescription type) =>
        type.Keep.All(keep => body.FindText(keep.Key.Split('.')) is not { } value || value.Equals(keep.Value, StringComparison.OrdinalIgnoreCase));
}
