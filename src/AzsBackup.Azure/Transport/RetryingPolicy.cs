using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// Sends a request again where that may help: 408, 429, 5xx and broken connections. It stands in for the SDK's own policy,
/// whose waits can't be handed a clock, which retries an untrusted certificate four times, and which obeys a Retry-After
/// however long. A failure to get any answer leaves it as an <see cref="Model.AzsException"/>.
/// </summary>
internal sealed class RetryingPolicy(RetryLimits limits, TimeProvider clock, Jitter jitter) : HttpPipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        for (var retry = 0; ; retry++)
        {
            Exception? failure = null;
            try
            {
                await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
                if (!IsWorthRetrying(message.Response.Status)) return;
            }
            catch (Exception exception) when (NetworkFailure.IsOne(exception, message.CancellationToken))
            {
                failure = exception;
            }

            if (retry == limits.Retries || NetworkFailure.IsLasting(failure) || NextWait(message, failure, retry) is not { } wait)
            {
                if (failure is null) return;
                throw NetworkFailure.Explain(failure, message.Request.Uri.ToUri());
            }

            if (failure is null) message.Response.Dispose();
            await Task.Delay(wait, clock, message.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Requests are sent asynchronously.");

    /// <summary>501 and 505 say what the service can't do: asking again does not teach it.</summary>
    private static bool IsWorthRetrying(int status) => status is 408 or 429 or 500 or 502 or 503 or 504;

    private TimeSpan? NextWait(HttpMessage message, Exception? failure, int retry)
    {
        if (failure is null && RetryAfter.Read(message.Response.Headers, clock.GetUtcNow()) is { } asked)
            return asked > limits.LongestRetryAfter ? null : asked + TimeSpan.FromSeconds(jitter.Next() / 2);

        var grown = Math.Min(limits.FirstWait.TotalSeconds * Math.Pow(2, retry), limits.LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(grown * (0.5 + (jitter.Next() / 2)));
    }
}
