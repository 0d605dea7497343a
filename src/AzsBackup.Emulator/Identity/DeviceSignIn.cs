namespace AzsBackup.Emulator.Identity;

/// <summary>A sign-in by device code that waits for its user (RFC 8628).</summary>
/// <param name="DeviceCode">What the device asks with.</param>
/// <param name="UserCode">What the user enters.</param>
/// <param name="ClientId">The application on the device.</param>
/// <param name="Audience">What the token is for.</param>
/// <param name="ExpiresAt">UTC.</param>
internal sealed record DeviceSignIn(string DeviceCode, string UserCode, string ClientId, string Audience, DateTimeOffset ExpiresAt)
{
    /// <summary>Who has entered the code, once somebody has.</summary>
    public string? SignInName { get; init; }

    /// <summary>Whether the user has said no.</summary>
    public bool IsDeclined { get; init; }

    /// <summary>Says nothing of the codes.</summary>
    public override string ToString() => ClientId;
}
