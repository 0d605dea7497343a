namespace AzsBackup.Emulator.KeyVault;

/// <summary>A key vault request that is refused.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The <c>error.code</c> of the answer.</param>
/// <param name="message">The words of the answer.</param>
/// <param name="innerCode">The <c>error.innererror.code</c>, where the service gives one.</param>
internal sealed class VaultException(int status, string code, string message, string? innerCode = null) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public string? InnerCode { get; } = innerCode;
}
