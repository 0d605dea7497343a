using AzsBackup.Azure.Transport;
using Azure.Core;
using Azure.Storage.Blobs;

namespace AzsBackup.Azure.Blobs;

/// <summary>What every blob client of a stack shares: its way out, its service version, its clock and chance.</summary>
internal sealed class BlobGateway(StackTransport transport, string version, TimeProvider clock, Jitter jitter)
{
    /// <summary>Breaks of one read that are mended.</summary>
    public const int LongestPatience = 8;

    /// <summary>The stack's blob service version.</summary>
    public string Version => version;

    /// <summary>Options for the clients of a version; for work under way, unless told otherwise.</summary>
    public BlobClientOptions OptionsFor(string serviceVersion, RetryLimits? limits = null)
    {
        var options = transport.Configure(
            new BlobClientOptions(BlobVersion.NearestKnown(serviceVersion)), RequestService.Blobs, limits ?? RetryLimits.Working);
        options.AddPolicy(new ServiceVersionPolicy(serviceVersion), HttpPipelinePosition.PerCall);
        return options;
    }

    /// <summary>Waits after a body broke off for the nth time.</summary>
    public Task BackOffAsync(int breaks, CancellationToken cancellationToken)
    {
        var seconds = Math.Min(0.2 * Math.Pow(2, breaks - 1), 5) * (0.5 + (jitter.Next() / 2));
        return Task.Delay(TimeSpan.FromSeconds(seconds), clock, cancellationToken);
    }
}
