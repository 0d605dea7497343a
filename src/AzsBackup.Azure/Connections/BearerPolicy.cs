using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Connections;

/// <summary>
/// Signs requests with the stack's token, and once more with a new one if it is refused. The SDK's own policy asks for another
/// only on a challenge of Entra's continuous access evaluation, so a token revoked, or ended by another clock, would end a long run.
/// </summary>
internal sealed class BearerPolicy(TokenSource tokens) : HttpPipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var token = await tokens.GetAsync(message.CancellationToken).ConfigureAwait(false);
        Sign(message, token);
        await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
        if (message.Response.Status != 401) return;
        if (await tokens.RenewAsync(token, message.CancellationToken).ConfigureAwait(false) is not { } renewed) return;
        message.Response.Dispose();
        Sign(message, renewed);
        await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Requests are sent asynchronously.");

    private static void Sign(HttpMessage message, string token) => message.Request.Headers.SetValue("Authorization", "Bearer " + token);
}
