using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Blobs;

/// <summary>
/// Asks for a checksum with every range of a blob: the CRC-64, which services know from version 2019-02-02 on, or the MD5, which all know
/// (Get Blob: <c>x-ms-range-get-content-crc64</c>, <c>x-ms-range-get-content-md5</c>; both for ranges up to 4 MiB). The SDK asks for the
/// CRC-64 in a form that only services of 2025 know. Runs before the account key signs.
/// </summary>
internal sealed class RangeCheckPolicy(bool byCrc64) : HttpPipelineSynchronousPolicy
{
    /// <summary>The oldest version with the CRC-64.</summary>
    public const string Crc64Version = "2019-02-02";

    private readonly string _header = byCrc64 ? "x-ms-range-get-content-crc64" : "x-ms-range-get-content-md5";

    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.Request.Method == RequestMethod.Get
            && message.Request.Headers.Contains("x-ms-range")
            && !message.Request.Uri.Query.Contains("comp=", StringComparison.Ordinal))
        {
            message.Request.Headers.SetValue(_header, "true");
        }
    }
}
