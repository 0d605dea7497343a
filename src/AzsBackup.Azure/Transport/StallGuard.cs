namespace AzsBackup.Azure.Transport;

/// <summary>
/// Gives up on a request when nothing moves: no byte of the request is taken and no answer comes, or no byte of the body. Stands in for
/// the SDK's and HttpClient's own limits, which count the whole request, however slow and busy the line, and can't be handed a clock.
/// </summary>
internal sealed class StallGuard(HttpMessageHandler inner, TimeProvider clock) : DelegatingHandler(inner)
{
    /// <summary>The blob service itself gives most requests up after 30 s, Resource Manager after a minute.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(100);

    /// <summary>Between two pieces of a body.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var watch = new StallWatch(clock, LongestAnswer, cancellationToken);
        var handedOn = false;
        try
        {
            if (request.Content is { } sent) request.Content = new WatchedRequestContent(sent, watch);
            var response = await base.SendAsync(request, watch.Token).ConfigureAwait(false);
            watch.Rest();
            response.Content = new WatchedResponseContent(response.Content, watch);
            handedOn = true;
            return response;
        }
        catch (OperationCanceledException exception) when (watch.HasStalled && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No answer came for {LongestAnswer.TotalSeconds:0} s.", exception);
        }
        finally
        {
            if (!handedOn) watch.Dispose();
        }
    }
}
