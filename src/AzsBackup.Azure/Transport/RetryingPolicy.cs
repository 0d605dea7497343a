using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// Sends requests within the service's budget, and again where that may help: 408, 429, 5xx, broken connections, and bodies that
/// were changed on their way. It stands in for the SDK's own policy, whose waits can't be handed a clock, which knows of one request
/// only, retries an untrusted certificate four times, and obeys a Retry-After however long. A failure to get any answer leaves it as
/// an <see cref="Model.AzsException"/>.
/// </summary>
internal sealed class RetryingPolicy(
    RetryLimits limits, RequestService service, RequestBudgets budgets, TimeProvider clock, Jitter jitter) : HttpPipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var budget = budgets.For(service, message.Request.Method, message.Request.Uri.ToUri());
        var deadline = budget.Now + limits.Patience;
        for (var retry = 0; ;)
        {
            Exception? failure = null;
            using (var turn = await budget.EnterAsync(deadline, message.CancellationToken).ConfigureAwait(false))
            {
                try
                {
                    await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
                    var response = message.Response;
                    if (response.Status is 429 or 503)
                    {
                        turn.Throttled(RetryAfter.Read(response.Headers, clock.GetUtcNow()));
                        if (!budget.OpensBefore(deadline)) return;
                        response.Dispose();
                        continue;
                    }

                    turn.Succeeded(RequestAllowance.Read(response.Headers));
                    if (!IsWorthRetrying(response)) return;
                }
                catch (Exception exception) when (NetworkFailure.IsOne(exception, message.CancellationToken))
                {
                    failure = exception;
                }
            }

            if (retry == limits.Retries || NetworkFailure.IsLasting(failure) || NextWait(message, failure, retry) is not { } wait)
            {
                if (failure is null) return;
                throw NetworkFailure.Explain(failure, message.Request.Uri.ToUri());
            }

            if (failure is null) message.Response.Dispose();
            await Task.Delay(wait, clock, message.CancellationToken).ConfigureAwait(false);
            retry++;
        }
    }

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Requests are sent asynchronously.");

    /// <summary>
    /// 501 and 505 say what the service can't do: asking again does not teach it. Md5Mismatch: what arrived is not what was sent
    /// (blob service REST API, "Status and error codes").
    /// </summary>
    private static bool IsWorthRetrying(Response response) =>
        response.Status is 408 or 500 or 502 or 504
        || (response.Status == 400 && response.Headers.TryGetValue("x-ms-error-code", out var code) && code == "Md5Mismatch");

    private TimeSpan? NextWait(HttpMessage message, Exception? failure, int retry)
    {
        if (failure is null && RetryAfter.Read(message.Response.Headers, clock.GetUtcNow()) is { } asked)
            return asked > limits.Patience ? null : asked + TimeSpan.FromSeconds(jitter.Next() / 2);

        var grown = Math.Min(limits.FirstWait.TotalSeconds * Math.Pow(2, retry), limits.LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(grown * (0.5 + (jitter.Next() / 2)));
    }
}
