using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Transport;

/// <summary>
/// The one way out to a stack: Resource Manager, tokens and blobs share its connections, its trust and its rules for retrying.
/// </summary>
internal sealed class StackTransport : IDisposable
{
    private static readonly WholeBodyPolicy WholeBody = new();
    private readonly CertificateTrust _trust;
    private readonly RequestBudgets _budgets;
    private readonly TimeProvider _clock;
    private readonly Jitter _jitter;
    private readonly HttpClient _client;
    private readonly HttpClientTransport _transport;

    /// <summary>Makes it; <paramref name="trust"/> is disposed of with it.</summary>
    public StackTransport(CertificateTrust trust, RequestBudgets budgets, TimeProvider clock, Jitter jitter)
    {
        _trust = trust;
        _budgets = budgets;
        _clock = clock;
        _jitter = jitter;
        var handler = new SocketsHttpHandler
        {
            // Redirects would carry requests, and signed URIs, to places nobody checked.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            // A long run must notice that a name has moved to another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxConnectionsPerServer = 128,
            Proxy = new LoopbackBypassProxy(HttpClient.DefaultProxy),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = trust.Validate;
        _client = new HttpClient(new StallGuard(handler, clock)) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = HttpVersion.Version11 };
        _transport = new HttpClientTransport(_client);
    }

    /// <summary>Makes an SDK client's options send through here. Logs and telemetry are off: both may show what must stay secret.</summary>
    public T Configure<T>(T options, RequestService service, RetryLimits limits) where T : ClientOptions
    {
        options.Transport = _transport;
        options.RetryPolicy = new RetryingPolicy(limits, service, _budgets, _clock, _jitter);
        options.AddPolicy(WholeBody, HttpPipelinePosition.PerRetry);
        options.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        return options;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transport.Dispose();
        _client.Dispose();
        _trust.Dispose();
    }
}
