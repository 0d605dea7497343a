using AzsBackup.Azure.Transport;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace AzsBackup.Azure.Blobs;

/// <summary>What every blob client of a stack shares: its way out, its service version, its clock and chance.</summary>
internal sealed class BlobGateway(StackTransport transport, string version, TimeProvider clock, Jitter jitter)
{
    /// <summary>Breaks of one read that are mended.</summary>
    public const int LongestPatience = 8;

    /// <summary>
    /// Sends the MD5 with what is written, so that the service refuses what was changed on its way; the request is then sent again.
    /// The one checksum that every version takes. Writing is rarer than reading, and what is written wrong is lost.
    /// </summary>
    public static UploadTransferValidationOptions SentMd5 { get; } = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };

    /// <summary>The stack's blob service version.</summary>
    public string Version => version;

    /// <summary>Options for the clients of a version; for work under way, unless told otherwise.</summary>
    /// <param name="serviceVersion">The version.</param>
    /// <param name="limits">How long to try again; as for work under way if null.</param>
    /// <param name="byCrc64">Whether ranges are checked by their CRC-64 if the version has it, rather than by their MD5.</param>
    public BlobClientOptions OptionsFor(string serviceVersion, RetryLimits? limits = null, bool byCrc64 = true)
    {
        var options = transport.Configure(
            new BlobClientOptions(BlobVersion.NearestKnown(serviceVersion)), RequestService.Blobs, limits ?? RetryLimits.Working);
        options.AddPolicy(new ServiceVersionPolicy(serviceVersion), HttpPipelinePosition.PerCall);
        options.AddPolicy(
            new RangeCheckPolicy(byCrc64 && string.CompareOrdinal(serviceVersion, RangeCheckPolicy.Crc64Version) >= 0), HttpPipelinePosition.PerCall);
        return options;
    }

    /// <summary>Waits after a body broke off for the nth time.</summary>
    public Task BackOffAsync(int breaks, CancellationToken cancellationToken)
    {
        var seconds = Math.Min(0.2 * Math.Pow(2, breaks - 1), 5) * (0.5 + (jitter.Next() / 2));
        return Task.Delay(TimeSpan.FromSeconds(seconds), clock, cancellationToken);
    }
}
