namespace AzsBackup.Emulator.Faults;

/// <summary>A request as faults see it.</summary>
/// <param name="Target">Whom it is for.</param>
/// <param name="Operation">The name of the operation: ARM's action (<c>Microsoft.Compute/snapshots/write</c>), the blob service's (<c>GetBlob</c>), a vault's (<c>GetSecret</c>), or <c>Token</c>, <c>Metadata</c>.</param>
/// <param name="Method">Its method.</param>
/// <param name="Host">Its host, with the port.</param>
/// <param name="PathAndQuery">Its path and query.</param>
internal sealed record FaultSubject(FaultTarget Target, string Operation, string Method, string Host, string PathAndQuery)
{
    /// <summary>The operation of a Get Page Ranges that asks for a difference.</summary>
    public const string PageDiff = "GetPageRangesDiff";

    public bool IsPageDiff => Operation == PageDiff;
}
