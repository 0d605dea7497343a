using System.Text.Json.Nodes;
using AzsBackup.Emulator.Faults;
using AzsBackup.Emulator.Authorization;

namespace AzsBackup.Emulator.Arm;

/// <summary>One request to ARM, read in full and past its authentication.</summary>
internal sealed record ArmRequest(string Method, ArmPath Path, IQueryCollection Query, Uri BaseUri, JsonObject? Body)
{
    /// <summary>The api-version asked for, checked against what the type offers.</summary>
    public string ApiVersion => Query["api-version"].ToString();

    /// <summary>What a fault makes of the operation that the request starts; <see langword="null"/>: nothing.</summary>
    public OperationFault? Fault { get; init; }

    /// <summary>What the caller may do; <see langword="null"/> when the stack itself asks.</summary>
    public CallerAccess? Access { get; init; }

    public bool IsRead => Method is "GET" or "HEAD";

    /// <summary>The body, or the error ARM gives when there is none.</summary>
    public JsonObject RequireBody() => Body
        ?? throw new ArmException(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: 'Required content is missing.'.");

    /// <summary>True if <c>api-version</c> is at least <paramref name="version"/>, both being dates.</summary>
    public bool IsAtLeast(string version) => string.CompareOrdinal(ApiVersion, version) >= 0;
}
