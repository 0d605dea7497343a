namespace AzsBackup.Emulator.Identity;

/// <summary>A sign-in by device code that waits for its user (RFC 8628).</summary>
internal sealed class DeviceSignIn(string deviceCode, string userCode, string clientId, string audience, DateTimeOffset expiresAt)
{
    public string DeviceCode { get; } = deviceCode;

    public string UserCode { get; } = userCode;

    public string ClientId { get; } = clientId;

    /// <summary>What the token is for.</summary>
    public string Audience { get; } = audience;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>Who has entered the code, once somebody has.</summary>
    public Principal? User { get; set; }

    /// <summary>Whether the user has said no.</summary>
    public bool IsDeclined { get; set; }
}
