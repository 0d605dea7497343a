namespace AzsBackup.Emulator.Blobs;

/// <summary>A request refused, as the service tells its client: status, error code, message and what else the error body names.</summary>
public sealed class BlobException(int status, string code, string message, params (string Name, string Value)[] details) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Elements of the error body behind Message, for instance HeaderName and HeaderValue.</summary>
    public IReadOnlyList<(string Name, string Value)> Details { get; } = details;

    /// <summary>True if the refusal comes while the request is still taken apart: its answer names neither version nor code in headers (recorded: test_get_blob_properties_fail).</summary>
    public bool IsEarly { get; init; }

    /// <summary>The size of the resource, for the Content-Range header that goes with 416.</summary>
    public long? ResourceLength { get; init; }
}
