using System.Text.Json;
using AzsBackup.Model;
using Azure.Core;

namespace AzsBackup.Azure.Arm;

/// <summary>
/// Waits for long-running operations in each way a stack may tell of them: <c>Azure-AsyncOperation</c>, else
/// <c>Location</c>, else the resource's <c>provisioningState</c> (some old providers send neither header).
/// </summary>
internal sealed class OperationWaiter(ArmSender sender, TimeProvider clock)
{
    /// <summary>After this long an operation is given up on. A stamp copies a full 1 TiB snapshot well within it.</summary>
    public static readonly TimeSpan LongestOperation = TimeSpan.FromHours(4);

    private static readonly TimeSpan FirstPoll = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan SlowestPoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(2);

    /// <summary>Waits as the headers of an answer say. Gives the last answer; null if there is nothing to wait for.</summary>
    public async Task<ArmReply?> WaitAsync(ArmReply accepted, string target, CancellationToken cancellationToken)
    {
        if (accepted.AsyncOperation is { } operation)
            return await PollAsync(operation, accepted, IsRunning, target, cancellationToken).ConfigureAwait(false);
        if (accepted.Location is { } location && accepted.Status is 201 or 202)
            return await PollAsync(location, accepted, static reply => reply.Status == 202, target, cancellationToken, mayBeEmpty: true).ConfigureAwait(false);
        return null;
    }

    /// <summary>Waits for an action, and gives its result if it has one.</summary>
    public async Task<JsonElement?> WaitForResultAsync(ArmReply accepted, string target, CancellationToken cancellationToken)
    {
        var last = await WaitAsync(accepted, target, cancellationToken).ConfigureAwait(false);
        if (last is null) return accepted.Json;
        if (FindOutput(last) is { } output) return output;
        if (accepted.AsyncOperation is null) return last.Json;
        if (accepted.Location is not { } location) return null;
        last = await PollAsync(location, accepted, static reply => reply.Status == 202, target, cancellationToken, mayBeEmpty: true).ConfigureAwait(false);
        return FindOutput(last) ?? last.Json;
    }

    /// <summary>Reads a resource until its <c>provisioningState</c> is final, or it has none.</summary>
    public async Task<ArmReply> WaitForStateAsync(Uri resource, ArmReply accepted, string target, CancellationToken cancellationToken)
    {
        var reply = (await sender.ReadAsync(resource, cancellationToken).ConfigureAwait(false)).OrThrow(target);
        if (IsRunning(reply))
            reply = await PollAsync(resource.AbsoluteUri, accepted, IsRunning, target, cancellationToken).ConfigureAwait(false);
        ThrowIfFailed(reply, target);
        return reply;
    }

    /// <summary>Reads a resource until it is gone.</summary>
    public Task WaitUntilGoneAsync(Uri resource, ArmReply accepted, string target, CancellationToken cancellationToken) =>
        PollAsync(resource.AbsoluteUri, accepted, static reply => reply.Status != 404, target, cancellationToken, mayBeMissing: true);

    /// <summary>Throws if a body tells of a failure, which a stack may send with status 200.</summary>
    public static void ThrowIfFailed(ArmReply reply, string target)
    {
        var state = StateOf(reply);
        if (state is null || !(Is(state, "Failed") || IsCanceled(state))) return;
        var error = ArmError.Read(0, reply.Json);
        if (error.Code.Length == 0 && IsCanceled(state)) error = error with { Code = "OperationCanceled" };
        throw ArmFailure.Explain(error, target);
    }

    /// <summary>Whether a body tells of something that goes on.</summary>
    public static bool IsRunning(ArmReply reply) =>
        StateOf(reply) is { } state ? !(Is(state, "Succeeded") || Is(state, "Failed") || IsCanceled(state)) : reply.Status == 202;

    private static string? StateOf(ArmReply reply) => reply.FindText("status") ?? reply.FindText("properties", "provisioningState");

    private static JsonElement? FindOutput(ArmReply reply) =>
        reply.Json is { ValueKind: JsonValueKind.Object } body
        && body.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty("output", out var output) && output.ValueKind != JsonValueKind.Null
            ? output
            : null;

    private static bool Is(string state, string other) => state.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsCanceled(string state) => Is(state, "Canceled") || Is(state, "Cancelled");

    // Only what an operation comes to, at its Location, may be nothing.
    private async Task<ArmReply> PollAsync(
        string link, ArmReply accepted, Func<ArmReply, bool> goesOn, string target, CancellationToken cancellationToken, bool mayBeMissing = false, bool mayBeEmpty = false)
    {
        var uri = sender.UriOfLink(link);
        var began = clock.GetTimestamp();
        var own = FirstPoll;
        for (var reply = accepted; ;)
        {
            await Task.Delay(NextPoll(reply.RetryAfter, ref own), clock, cancellationToken).ConfigureAwait(false);
            reply = mayBeEmpty
                ? await sender.SendAsync(RequestMethod.Get, uri, null, cancellationToken).ConfigureAwait(false)
                : await sender.ReadAsync(uri, cancellationToken).ConfigureAwait(false);
            if (!(mayBeMissing && reply.Status == 404)) reply.OrThrow(target);
            ThrowIfFailed(reply, target);
            if (!goesOn(reply)) return reply;
            if (clock.GetElapsedTime(began) < LongestOperation) continue;
            throw new AzsException(
                AzsErrorKind.TimedOut,
                "OperationTimedOut",
                $"{target}: the operation has not ended within {LongestOperation.TotalHours:0} hours.",
                "See the resource's activity log on the stack; the operation may still be under way.",
                target);
        }
    }

    private static TimeSpan NextPoll(TimeSpan? asked, ref TimeSpan own)
    {
        // Who asks for no wait at all has not thought of an operation of hours: that often asked, it would use up the request limit.
        if (asked is { } wait && wait > FirstPoll) return wait < LongestRetryAfter ? wait : LongestRetryAfter;
        var current = own;
        own = TimeSpan.FromTicks(Math.Min((long)(own.Ticks * 1.6), SlowestPoll.Ticks));
        return current;
    }
}
