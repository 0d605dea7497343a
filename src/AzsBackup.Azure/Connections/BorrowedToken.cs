namespace AzsBackup.Azure.Connections;

/// <summary>A token another module asked for.</summary>
/// <param name="Token">The token itself: a secret.</param>
/// <param name="ExpiresOn">When it ends (UTC).</param>
public sealed record BorrowedToken(string Token, DateTimeOffset ExpiresOn)
{
    /// <summary>When it ends, and not the token.</summary>
    public override string ToString() => $"A token until {ExpiresOn:u}";
}
