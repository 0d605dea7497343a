using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>
/// Read access to a managed snapshot through <c>beginGetAccess</c>, asked for when first needed and again when refused.
/// Source: Microsoft.Compute 2019-07-01 disk.json, Snapshots_GrantAccess; the older wrapping of the result is from 2017-03-30.
/// </summary>
internal sealed class SnapshotGrant(IResourceClient resources, ResourceId snapshot, TimeSpan duration) : IReadGrant, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Uri? _current;

    /// <summary>Whether access was ever asked for, and so must be revoked.</summary>
    public bool Granted { get; private set; }

    public async ValueTask<Uri> GetUriAsync(CancellationToken cancellationToken)
    {
        if (_current is { } current) return current;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _current ??= await AskAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<Uri> RenewAsync(Uri refused, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another reader may have been refused the same URI and renewed it while this one waited.
            if (_current is { } current && current != refused) return current;
            await resources.PostAsync(snapshot, "endGetAccess", null, cancellationToken).ConfigureAwait(false);
            return _current = await AskAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Uri> AskAsync(CancellationToken cancellationToken)
    {
        // Set first: a request that was sent and then cancelled may have been granted all the same.
        Granted = true;
        var body = new JsonObject { ["access"] = "Read", ["durationInSeconds"] = (int)duration.TotalSeconds };
        var answer = await resources.PostAsync(snapshot, "beginGetAccess", body, cancellationToken).ConfigureAwait(false);
        return FindUri(answer)
            ?? throw new AzsException(
                AzsErrorKind.RemoteFailed,
                "ReadAccessNotGranted",
                $"The stack granted read access to snapshot '{snapshot.Name}' but named no URI to read from.",
                "Try again; if it stays so, the stack's compute provider needs its operator.",
                snapshot.ToString());
    }

    private static Uri? FindUri(JsonElement? answer)
    {
        if (answer is not { ValueKind: JsonValueKind.Object } json) return null;
        if (!json.TryGetProperty("accessSAS", out var sas)
            && !(json.TryGetProperty("properties", out var properties)
                && properties.TryGetProperty("output", out var output)
                && output.TryGetProperty("accessSAS", out sas)))
        {
            return null;
        }

        return Uri.TryCreate(sas.GetString(), UriKind.Absolute, out var uri) ? uri : null;
    }
}
