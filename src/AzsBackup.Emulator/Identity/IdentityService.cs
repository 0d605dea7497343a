using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Emulator.Identity;

/// <summary>The stack's identity provider: metadata, token endpoints in Entra's or AD FS's shape, and the check of bearer tokens.</summary>
internal sealed class IdentityService(EmulatedStackOptions options, StackState stack, ServicePrincipal principal, TokenSigner signer)
{
    private const int LifetimeSeconds = 3599;
    private readonly ConcurrentDictionary<string, bool> _expired = new(StringComparer.Ordinal);
    private readonly string _audience = options.Identity == StackIdentityProvider.Adfs
        ? $"https://management.adfs.{options.Region}.{options.Domain}/{stack.Ids.NewId()}"
        : $"https://management.emulatedtenant.onmicrosoft.com/{stack.Ids.NewId()}";

    /// <summary>The root the tokens name as their issuer; known once the port is bound.</summary>
    public Uri Endpoint { get; set; } = new("https://127.0.0.1/");

    private bool IsAdfs => options.Identity == StackIdentityProvider.Adfs;

    private string Issuer => IsAdfs ? new Uri(Endpoint, "adfs").AbsoluteUri : new Uri(Endpoint, stack.TenantId + "/").AbsoluteUri;

    /// <summary><c>/metadata/endpoints</c>, as recorded from a stamp at 1.0 and documented at 2015-01-01.</summary>
    public ArmResponse Metadata(string apiVersion)
    {
        if (apiVersion is not ("1.0" or "2015-01-01"))
        {
            return ArmResponse.Error(apiVersion.Length == 0
                ? new ArmException(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")
                : new ArmException(400, "InvalidApiVersionParameter", $"The api-version '{apiVersion}' is invalid. The supported versions are '2015-01-01,1.0'."));
        }

        string portal = $"https://portal.{options.Region}.{options.Domain}";
        return ArmResponse.Ok(new JsonObject
        {
            ["galleryEndpoint"] = portal + ":30015/",
            ["graphEndpoint"] = IsAdfs ? $"https://graph.{options.Region}.{options.Domain}/" : "https://graph.windows.net/",
            ["portalEndpoint"] = portal + "/",
            ["authentication"] = new JsonObject
            {
                ["loginEndpoint"] = IsAdfs ? new Uri(Endpoint, "adfs").AbsoluteUri : Endpoint.AbsoluteUri,
                ["audiences"] = new JsonArray(_audience),
            },
        });
    }

    /// <summary>Answers a path of the identity provider, or gives <see langword="null"/> if it is none.</summary>
    public async Task<ArmResponse?> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string path = request.Path.Value!.TrimEnd('/');
        string root = Issuer.TrimEnd('/');
        if (IsAdfs)
        {
            return path.ToLowerInvariant() switch
            {
                "/adfs/oauth2/token" => await TokenAsync(request, cancellationToken),
                "/adfs/.well-known/openid-configuration" => Configuration(root + "/oauth2/token", root + "/oauth2/authorize", root + "/discovery/keys"),
                "/adfs/discovery/keys" => ArmResponse.Ok(signer.Keys.DeepClone()),
                _ => null,
            };
        }

        if (path.Equals("/common/discovery/instance", StringComparison.OrdinalIgnoreCase))
            return Discovery(request.Query["authorization_endpoint"].ToString());
        string[] segments = path.Split('/', 3);
        if (segments.Length < 3)
            return null;
        string rest = segments[2].ToLowerInvariant();
        if (rest is not ("oauth2/token" or "oauth2/v2.0/token" or ".well-known/openid-configuration" or "v2.0/.well-known/openid-configuration" or "discovery/keys" or "discovery/v2.0/keys"))
            return null;
        if (!segments[1].Equals(stack.TenantId, StringComparison.OrdinalIgnoreCase) && segments[1] is not ("common" or "organizations"))
            return OAuthError(400, "invalid_request", 90002, $"AADSTS90002: Tenant '{segments[1]}' not found. This may happen if there are no active subscriptions for the tenant.");
        return rest switch
        {
            "oauth2/token" or "oauth2/v2.0/token" => await TokenAsync(request, cancellationToken),
            "discovery/keys" or "discovery/v2.0/keys" => ArmResponse.Ok(signer.Keys.DeepClone()),
            ".well-known/openid-configuration" => Configuration(root + "/oauth2/token", root + "/oauth2/authorize", root + "/discovery/keys"),
            _ => Configuration(root + "/oauth2/v2.0/token", root + "/oauth2/v2.0/authorize", root + "/discovery/v2.0/keys"),
        };
    }

    /// <summary>Lets a token expire before its time; what is no token of this provider is left alone.</summary>
    public void Expire(string authorization)
    {
        if (signer.Verify(authorization[(authorization.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim())?.Text("uti") is { } id)
            _expired[id] = true;
    }

    /// <summary>Refuses a request without a good token for this stack's ARM; <see langword="null"/> lets it pass.</summary>
    public ArmResponse? Refuse(string authorization)
    {
        const string Bearer = "Bearer ";
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Challenge("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.", "invalid_token");
        if (signer.Verify(authorization[Bearer.Length..].Trim()) is not { } claims)
            return Challenge("InvalidAuthenticationToken", "The access token is invalid.", "invalid_token");
        if (claims.Text("aud") != _audience)
            return Challenge("InvalidAuthenticationTokenAudience", $"The access token has been obtained for wrong audience or resource '{claims.Text("aud")}'. It should exactly match with one of the allowed audiences '{_audience}'.", "invalid_token");
        DateTimeOffset expires = DateTimeOffset.FromUnixTimeSeconds(claims.Number("exp") ?? 0);
        if (_expired.ContainsKey(claims.Text("uti") ?? ""))
            expires = stack.Now.AddSeconds(-1);
        return expires <= stack.Now
            ? Challenge("ExpiredAuthenticationToken", $"The access token expiry UTC time '{expires.UtcDateTime:M/d/yyyy h:mm:ss tt}' is earlier than current UTC time '{stack.Now.UtcDateTime:M/d/yyyy h:mm:ss tt}'.", "invalid_token")
            : null;
    }

    private static ArmResponse Configuration(string token, string authorize, string keys) => ArmResponse.Ok(new JsonObject
    {
        ["issuer"] = token[..token.IndexOf("/oauth2", StringComparison.Ordinal)],
        ["authorization_endpoint"] = authorize,
        ["token_endpoint"] = token,
        ["jwks_uri"] = keys,
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt"),
        ["response_types_supported"] = new JsonArray("code", "id_token"),
        ["subject_types_supported"] = new JsonArray("pairwise"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["scopes_supported"] = new JsonArray("openid"),
    });

    private ArmResponse Discovery(string authorizationEndpoint)
    {
        string authority = authorizationEndpoint.Length == 0 ? new Uri(Endpoint, stack.TenantId).AbsoluteUri : authorizationEndpoint.Split("/oauth2")[0];
        string host = Endpoint.Authority;
        return ArmResponse.Ok(new JsonObject
        {
            ["tenant_discovery_endpoint"] = authority + "/v2.0/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(new JsonObject { ["preferred_network"] = host, ["preferred_cache"] = host, ["aliases"] = new JsonArray(host) }),
        });
    }

    private ArmResponse Challenge(string code, string message, string error)
    {
        ArmResponse response = ArmResponse.Error(new ArmException(401, code, message));
        string authority = IsAdfs ? new Uri(Endpoint, "adfs").AbsoluteUri : new Uri(Endpoint, stack.TenantId).AbsoluteUri;
        response.Headers["WWW-Authenticate"] = $"Bearer authorization_uri=\"{authority}\", error=\"{error}\", error_description=\"{message}\"";
        return response;
    }

    private async Task<ArmResponse> TokenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Method != "POST" || !request.HasFormContentType)
            return OAuthError(400, "invalid_request", 900144, "AADSTS900144: The request body must contain the following parameter: 'grant_type'.");
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string grant = form["grant_type"].ToString();
        if (grant != "client_credentials")
            return OAuthError(400, "unsupported_grant_type", 70003, $"AADSTS70003: The app requested an unsupported grant type '{grant}'.");
        if (!form["client_id"].ToString().Equals(principal.ClientId, StringComparison.OrdinalIgnoreCase))
        {
            return IsAdfs
                ? OAuthError(400, "invalid_client", 0, $"MSIS9223: Received invalid OAuth client credentials request. The received 'client_id' is invalid as no registered client was found with this client identifier.")
                : OAuthError(400, "unauthorized_client", 700016, $"AADSTS700016: Application with identifier '{form["client_id"]}' was not found in the directory '{stack.TenantId}'.");
        }

        if (RefuseClient(form) is { } refusal)
            return refusal;
        string asked = form["resource"].ToString() is { Length: > 0 } resource ? resource : form["scope"].ToString().Split(' ')[0];
        string audience = asked.EndsWith("/.default", StringComparison.Ordinal) ? asked[..^"/.default".Length] : asked;
        if (audience.Length == 0)
            return OAuthError(400, "invalid_request", 900144, "AADSTS900144: The request body must contain the following parameter: 'scope'.");
        return Grant(audience.TrimEnd('/') == _audience ? _audience : audience);
    }

    private ArmResponse? RefuseClient(IFormCollection form)
    {
        string secret = form["client_secret"].ToString();
        if (secret.Length > 0)
        {
            bool isRight = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(principal.Secret));
            return isRight ? null
                : IsAdfs ? OAuthError(401, "invalid_client", 0, "MSIS9622: Client authentication failed. Please verify the credential provided for client authentication is valid.")
                : OAuthError(401, "invalid_client", 7000215, $"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{principal.ClientId}'.");
        }

        string assertion = form["client_assertion"].ToString();
        if (assertion.Length == 0)
            return OAuthError(401, "invalid_client", 7000216, "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");
        using RSA? key = principal.Certificate?.GetRSAPublicKey();
        JsonObject? claims = key is null ? null : TokenSigner.Verify(assertion, key);
        bool isGood = claims is not null && claims.Text("iss") == principal.ClientId && claims.Text("sub") == principal.ClientId
            && claims.Number("exp") > stack.Now.ToUnixTimeSeconds();
        return isGood ? null : OAuthError(401, "invalid_client", 700027, "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application, or the assertion is not valid.");
    }

    private ArmResponse Grant(string audience)
    {
        long now = stack.Now.ToUnixTimeSeconds();
        JsonObject claims = new()
        {
            ["aud"] = audience,
            ["iss"] = Issuer,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + LifetimeSeconds,
            ["appid"] = principal.ClientId,
            ["appidacr"] = "1",
            ["oid"] = principal.ObjectId,
            ["sub"] = principal.ObjectId,
            ["tid"] = stack.TenantId,
            ["ver"] = "1.0",
            // Two tokens are never alike, even of one second: a fault lets one of them expire.
            ["uti"] = RandomNumberGenerator.GetHexString(22, lowercase: true),
        };
        return ArmResponse.Ok(new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = LifetimeSeconds,
            ["ext_expires_in"] = LifetimeSeconds,
            ["expires_on"] = now + LifetimeSeconds,
            ["not_before"] = now,
            ["resource"] = audience,
            ["access_token"] = signer.Sign(claims),
        });
    }

    private ArmResponse OAuthError(int status, string error, int code, string description)
    {
        string trace = stack.Ids.NewId();
        JsonObject body = new() { ["error"] = error, ["error_description"] = IsAdfs ? description : $"{description}\r\nTrace ID: {trace}\r\nTimestamp: {stack.Now.UtcDateTime:yyyy-MM-dd HH:mm:ssZ}" };
        if (code > 0)
            body["error_codes"] = new JsonArray(code);
        body["timestamp"] = $"{stack.Now.UtcDateTime:yyyy-MM-dd HH:mm:ssZ}";
        body["trace_id"] = trace;
        return new ArmResponse(status, body);
    }
}
