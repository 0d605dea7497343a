using System.Text.Json;

namespace AzsBackup.Azure.Connections;

/// <summary>
/// What an access token says of itself. Nothing here is verified, which is the stack's business: it serves to name the account
/// and to notice early that a token has expired.
/// </summary>
/// <param name="ExpiresOn">The <c>exp</c> claim; null if there is none.</param>
/// <param name="Account">The user, else the application.</param>
/// <param name="TenantId">The <c>tid</c> claim.</param>
internal sealed record TokenClaims(DateTimeOffset? ExpiresOn, string? Account, string? TenantId)
{
    private static readonly TokenClaims None = new(null, null, null);

    /// <summary>Reads a token; one that is no JWT says nothing.</summary>
    public static TokenClaims Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3) return None;
        try
        {
            using var document = JsonDocument.Parse(Decode(parts[1]));
            var claims = document.RootElement;
            if (claims.ValueKind != JsonValueKind.Object) return None;
            DateTimeOffset? expires =
                claims.TryGetProperty("exp", out var exp) && exp.ValueKind == JsonValueKind.Number && exp.TryGetInt64(out var seconds)
                    && seconds is > 0 and < 253402300799
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : null;
            return new TokenClaims(
                expires,
                Text(claims, "upn") ?? Text(claims, "unique_name") ?? Text(claims, "appid") ?? Text(claims, "azp"),
                Text(claims, "tid"));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return None;
        }
    }

    private static byte[] Decode(string part)
    {
        var base64 = part.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(base64.PadRight(base64.Length + ((4 - (base64.Length % 4)) % 4), '='));
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
