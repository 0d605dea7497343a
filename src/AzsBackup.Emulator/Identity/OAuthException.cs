namespace AzsBackup.Emulator.Identity;

/// <summary>A token request that is refused (RFC 6749, section 5.2).</summary>
internal sealed class OAuthException(int status, string error, string description) : Exception(description)
{
    public int Status { get; } = status;

    /// <summary>The <c>error</c> of the answer.</summary>
    public string Error { get; } = error;
}
