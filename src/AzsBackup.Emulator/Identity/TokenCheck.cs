using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Identity;

/// <summary>Checks bearer tokens: signature, audience, time, and whether the principal still is and has not been signed out everywhere.</summary>
internal sealed class TokenCheck(StackState stack, SignInNames names, PrincipalDirectory directory, TokenSigner signer)
{
    private const string Bearer = "Bearer ";
    private readonly ConcurrentDictionary<string, bool> _expired = new(StringComparer.Ordinal);

    /// <summary>The caller of an ARM request, or the refusal with its challenge.</summary>
    public (Caller? Caller, ArmResponse? Refusal) ForArm(string authorization)
    {
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return (null, Challenge("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."));
        if (signer.Verify(authorization[Bearer.Length..].Trim()) is not { } claims)
            return (null, Challenge("InvalidAuthenticationToken", "The access token is invalid."));
        if (claims.Text("aud") != names.ArmAudience)
            return (null, Challenge("InvalidAuthenticationTokenAudience", $"The access token has been obtained for wrong audience or resource '{claims.Text("aud")}'. It should exactly match with one of the allowed audiences '{names.ArmAudience}'."));
        DateTimeOffset expires = DateTimeOffset.FromUnixTimeSeconds(claims.Number("exp") ?? 0);
        if (HasExpiredEarly(claims))
            expires = stack.Now.AddSeconds(-1);
        if (expires <= stack.Now)
            return (null, Challenge("ExpiredAuthenticationToken", $"The access token expiry UTC time '{Time(expires)}' is earlier than current UTC time '{Time(stack.Now)}'."));
        if (Principal(claims) is not { } principal)
            return (null, Challenge("InvalidAuthenticationToken", "The access token is invalid: its principal is no longer in the directory."));
        return IsRevoked(claims, principal) ? (null, Revoked(principal)) : (ToCaller(claims, principal), null);
    }

    /// <summary>The caller of a data plane's request, or <see langword="null"/> if its token is not good for that audience.</summary>
    public Caller? For(string audience, string authorization)
    {
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || signer.Verify(authorization[Bearer.Length..].Trim()) is not { } claims
            || !string.Equals(claims.Text("aud")?.TrimEnd('/'), audience.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
            || claims.Number("exp") <= stack.Now.ToUnixTimeSeconds()
            || HasExpiredEarly(claims))
            return null;
        return Principal(claims) is { } principal && !IsRevoked(claims, principal) ? ToCaller(claims, principal) : null;
    }

    /// <summary>Lets a token expire before its time; what is no token of this provider is left alone. It does not survive a restart.</summary>
    public void Expire(string authorization)
    {
        if (signer.Verify(authorization[(authorization.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim()).Text("uti") is { } id)
            _expired[id] = true;
    }

    private bool HasExpiredEarly(JsonObject claims) => _expired.ContainsKey(claims.Text("uti") ?? "");

    private static bool IsRevoked(JsonObject claims, Principal principal) => claims.Number("iat") < principal.TokensValidFrom.ToUnixTimeSeconds();

    private static Caller ToCaller(JsonObject claims, Principal principal) => new(principal.ObjectId, principal.SignInName, claims.Text("appid") ?? "");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("M/d/yyyy h:mm:ss tt", CultureInfo.InvariantCulture);

    private Principal? Principal(JsonObject claims) => directory.FindObject(claims.Text("oid"));

    private ArmResponse Challenge(string code, string message, string error = "invalid_token", string? claims = null)
    {
        ArmResponse response = ArmResponse.Error(new ArmException(401, code, message));
        string more = claims is null ? "" : $", claims=\"{claims}\"";
        response.Headers["WWW-Authenticate"] = $"Bearer authorization_uri=\"{names.Authority}\", error=\"{error}\", error_description=\"{message}\"{more}";
        return response;
    }

    /// <summary>What continuous access evaluation answers: the claims tell the client to ask for a token issued later.</summary>
    private ArmResponse Revoked(Principal principal)
    {
        string claims = $$$$"""{"access_token":{"nbf":{"essential":true,"value":"{{{{principal.TokensValidFrom.ToUnixTimeSeconds()}}}}"}}}""";
        return Challenge("TokenIssuedBeforeRevocationTimestamp", "The user could not be authenticated as the grant is expired. The user must sign in again.",
            "insufficient_claims", Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims)));
    }
}
