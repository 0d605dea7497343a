using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>
/// Read access to a managed snapshot through <c>beginGetAccess</c>, asked for when first needed, again shortly before it ends, and again
/// when refused. A snapshot has one access at a time, so the old one is ended first; a reader that is refused then finds the new one.
/// Source: Microsoft.Compute 2019-07-01 disk.json, Snapshots_GrantAccess; the older wrapping of the result is from 2017-03-30.
/// </summary>
/// <param name="resources">The stack's Resource Manager.</param>
/// <param name="snapshot">The snapshot.</param>
/// <param name="duration">How long access is asked for at a time.</param>
/// <param name="clock">Tells when access is about to end; null: it is renewed only once refused.</param>
internal sealed class SnapshotGrant(IResourceClient resources, ResourceId snapshot, TimeSpan duration, TimeProvider? clock) : IReadGrant, IDisposable
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Uri? _current;
    private long _grantedAt;

    /// <summary>Whether access was ever asked for, and so must be revoked.</summary>
    public bool Granted { get; private set; }

    public async ValueTask<Uri> GetUriAsync(CancellationToken cancellationToken)
    {
        if (_current is { } current)
        {
            // One reader renews it, and the others go on with what is still good.
            if (!IsAboutToEnd || !await _turn.WaitAsync(0, cancellationToken).ConfigureAwait(false)) return current;
        }
        else
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            if (_current is not null && IsAboutToEnd) await EndAsync(cancellationToken).ConfigureAwait(false);
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
            _current = null;
            return _current = await AskAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool IsAboutToEnd =>
        clock is not null && clock.GetElapsedTime(Volatile.Read(ref _grantedAt)) > duration - (duration / 10 < LongestMargin ? duration / 10 : LongestMargin);

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await resources.PostAsync(snapshot, "endGetAccess", null, cancellationToken).ConfigureAwait(false);
            _current = null;
        }
        catch (AzsException)
        {
            // It is good for a while yet: it is used until it is refused, and by then the stack may answer again.
            Volatile.Write(ref _grantedAt, clock!.GetTimestamp());
        }
    }

    private async Task<Uri> AskAsync(CancellationToken cancellationToken)
    {
        // Set first: a request that was sent and then cancelled may have been granted all the same.
        Granted = true;
        if (clock is not null) Volatile.Write(ref _grantedAt, clock.GetTimestamp());
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
