using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Identity;

/// <summary>Writes access, refresh and id tokens, and reads refresh tokens again. All are signed, so none has to be remembered.</summary>
internal sealed class TokenIssuer(StackState stack, SignInNames names, TokenSigner signer)
{
    private const int LifetimeSeconds = 3599;
    private const int RefreshLifetimeSeconds = 14 * 24 * 3600;
    private const string RefreshUse = "refresh";

    /// <summary>The answer to a granted request: an access token, and for users a refresh and an id token as well.</summary>
    public JsonObject Grant(Principal principal, string clientId, string audience)
    {
        long now = stack.Now.ToUnixTimeSeconds();
        JsonObject answer = new()
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = LifetimeSeconds,
            ["ext_expires_in"] = LifetimeSeconds,
            ["expires_on"] = now + LifetimeSeconds,
            ["not_before"] = now,
            ["resource"] = audience,
            ["scope"] = audience.TrimEnd('/') + "/.default",
            ["access_token"] = signer.Sign(Access(principal, clientId, audience, now)),
        };
        if (principal.Kind == PrincipalKind.User)
        {
            answer["refresh_token"] = signer.Sign(new JsonObject
            {
                ["use"] = RefreshUse,
                ["sub"] = principal.SignInName,
                ["appid"] = clientId,
                ["aud"] = names.Issuer,
                ["iat"] = now,
                ["exp"] = now + RefreshLifetimeSeconds,
            });
            answer["id_token"] = signer.Sign(Id(principal, clientId, now));
            if (!names.IsAdfs)
                answer["client_info"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"uid":"{{principal.ObjectId}}","utid":"{{stack.TenantId}}"}"""));
        }

        return answer;
    }

    /// <summary>Whose refresh token this is and when it was issued, or <see langword="null"/> if it is none, is expired or another application's.</summary>
    public (string SignInName, DateTimeOffset IssuedAt)? ReadRefresh(string token, string clientId)
    {
        JsonObject? claims = signer.Verify(token);
        return claims.Text("use") == RefreshUse && claims.Text("appid") == clientId && claims.Number("exp") > stack.Now.ToUnixTimeSeconds()
            ? (claims.Text("sub")!, DateTimeOffset.FromUnixTimeSeconds(claims.Number("iat")!.Value))
            : null;
    }

    private JsonObject Access(Principal principal, string clientId, string audience, long now)
    {
        bool isUser = principal.Kind == PrincipalKind.User;
        JsonObject claims = new()
        {
            ["aud"] = audience,
            ["iss"] = names.Issuer,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + LifetimeSeconds,
            ["appid"] = clientId,
            ["appidacr"] = isUser ? "0" : "1",
            ["idtyp"] = isUser ? "user" : "app",
            ["oid"] = principal.ObjectId,
            ["sub"] = principal.ObjectId,
            ["tid"] = stack.TenantId,
            ["ver"] = "1.0",
            // Two tokens are never alike, even of one second: a fault lets one of them expire.
            ["uti"] = RandomNumberGenerator.GetHexString(22, lowercase: true),
        };
        if (isUser)
        {
            claims["upn"] = principal.SignInName;
            claims["unique_name"] = principal.SignInName;
            claims["name"] = principal.DisplayName;
            claims["scp"] = "user_impersonation";
        }

        return claims;
    }

    private JsonObject Id(Principal user, string clientId, long now) => new()
    {
        ["aud"] = clientId,
        ["iss"] = names.Issuer,
        ["iat"] = now,
        ["nbf"] = now,
        ["exp"] = now + LifetimeSeconds,
        ["oid"] = user.ObjectId,
        ["sub"] = user.ObjectId,
        ["tid"] = stack.TenantId,
        ["upn"] = user.SignInName,
        ["unique_name"] = user.SignInName,
        ["preferred_username"] = user.SignInName,
        ["name"] = user.DisplayName,
        ["ver"] = names.IsAdfs ? "1.0" : "2.0",
    };
}
