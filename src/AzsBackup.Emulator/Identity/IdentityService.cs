using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Emulator.Identity;

/// <summary>The stack's identity provider: metadata, discovery, token and device endpoints in Entra's or AD FS's shape.</summary>
internal sealed class IdentityService(EmulatedStackOptions options, StackState stack, SignInNames names, TokenSigner signer, TokenEndpoint tokens, DeviceSignIns devices)
{
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
            ["graphEndpoint"] = names.GraphAudience,
            ["portalEndpoint"] = portal + "/",
            ["authentication"] = new JsonObject
            {
                ["loginEndpoint"] = names.IsAdfs ? names.Authority : names.Endpoint.AbsoluteUri,
                ["audiences"] = new JsonArray(names.ArmAudience),
            },
        });
    }

    /// <summary>True if the path was the identity provider's and has been answered, by <paramref name="write"/> unless it is a page.</summary>
    public async Task<bool> HandleAsync(HttpContext context, Func<ArmResponse, Task> write)
    {
        HttpRequest request = context.Request;
        string[] segments = request.Path.Value!.Trim('/').Split('/', 2);
        if (segments.Length < 2 || Route(segments[0], segments[1].ToLowerInvariant()) is not { } route)
            return false;
        context.Response.Headers.CacheControl = "no-store, no-cache";
        if (route == "oauth2/deviceauth")
        {
            await devices.ServeAsync(context);
            return true;
        }

        await write(await AnswerAsync(request, segments[0], route, context.RequestAborted));
        return true;
    }

    private static ArmResponse UserRealm(string user) => ArmResponse.Ok(new JsonObject
    {
        ["ver"] = "1.0",
        ["account_type"] = "Managed",
        ["domain_name"] = user.Split('@')[^1],
        ["cloud_instance_name"] = "microsoftonline.com",
        ["cloud_audience_urn"] = "urn:federation:MicrosoftOnline",
    });

    /// <summary>The part of the path below the authority, if it is one of the provider's.</summary>
    private string? Route(string first, string rest)
    {
        if (names.IsAdfs)
        {
            bool isOurs = first.Equals("adfs", StringComparison.OrdinalIgnoreCase)
                && rest is "oauth2/token" or "oauth2/devicecode" or "oauth2/deviceauth" or ".well-known/openid-configuration" or "discovery/keys";
            return isOurs ? rest : null;
        }

        if (rest.StartsWith("userrealm/", StringComparison.Ordinal))
            return rest;
        return rest is "discovery/instance" or "oauth2/deviceauth" or "oauth2/token" or "oauth2/v2.0/token" or "oauth2/devicecode" or "oauth2/v2.0/devicecode"
            or ".well-known/openid-configuration" or "v2.0/.well-known/openid-configuration" or "discovery/keys" or "discovery/v2.0/keys" ? rest : null;
    }

    private async Task<ArmResponse> AnswerAsync(HttpRequest request, string tenant, string route, CancellationToken cancellationToken)
    {
        try
        {
            if (!names.IsAdfs && !tenant.Equals(stack.TenantId, StringComparison.OrdinalIgnoreCase) && tenant is not ("common" or "organizations"))
                throw new OAuthException(400, "invalid_request", $"AADSTS90002: Tenant '{tenant}' not found. This may happen if there are no active subscriptions for the tenant.");
            return route switch
            {
                "oauth2/token" or "oauth2/v2.0/token" => ArmResponse.Ok(await tokens.AnswerAsync(request, cancellationToken)),
                "oauth2/devicecode" or "oauth2/v2.0/devicecode" => ArmResponse.Ok(await tokens.BeginDeviceAsync(request, cancellationToken)),
                "discovery/keys" or "discovery/v2.0/keys" => ArmResponse.Ok(signer.Keys.DeepClone()),
                "discovery/instance" => Discovery(request.Query["authorization_endpoint"].ToString()),
                ".well-known/openid-configuration" => Configuration(""),
                "v2.0/.well-known/openid-configuration" => Configuration("/v2.0"),
                _ => UserRealm(Uri.UnescapeDataString(route["userrealm/".Length..])),
            };
        }
        catch (OAuthException refusal)
        {
            return Refusal(refusal);
        }
    }

    private ArmResponse Configuration(string version)
    {
        string root = names.Authority;
        return ArmResponse.Ok(new JsonObject
        {
            ["issuer"] = names.Issuer,
            ["authorization_endpoint"] = $"{root}/oauth2{version}/authorize",
            ["token_endpoint"] = $"{root}/oauth2{version}/token",
            ["device_authorization_endpoint"] = $"{root}/oauth2{version}/devicecode",
            ["jwks_uri"] = $"{root}/discovery{version}/keys",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt"),
            ["grant_types_supported"] = new JsonArray("client_credentials", "password", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"),
            ["response_types_supported"] = new JsonArray("code", "id_token"),
            ["subject_types_supported"] = new JsonArray("pairwise"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["scopes_supported"] = new JsonArray("openid", "profile", "offline_access"),
        });
    }

    private ArmResponse Discovery(string authorizationEndpoint)
    {
        string authority = authorizationEndpoint.Length == 0 ? names.Authority : authorizationEndpoint.Split("/oauth2")[0];
        string host = names.Endpoint.Authority;
        return ArmResponse.Ok(new JsonObject
        {
            ["tenant_discovery_endpoint"] = authority + "/v2.0/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(new JsonObject { ["preferred_network"] = host, ["preferred_cache"] = host, ["aliases"] = new JsonArray(host) }),
        });
    }

    private ArmResponse Refusal(OAuthException refusal)
    {
        string trace = stack.Ids.NewId();
        string timestamp = $"{stack.Now.UtcDateTime:yyyy-MM-dd HH:mm:ssZ}";
        JsonObject body = new()
        {
            ["error"] = refusal.Error,
            ["error_description"] = names.IsAdfs ? refusal.Message : $"{refusal.Message}\r\nTrace ID: {trace}\r\nTimestamp: {timestamp}",
        };
        string code = refusal.Message.Split(':')[0];
        if (!names.IsAdfs && code.StartsWith("AADSTS", StringComparison.Ordinal) && int.TryParse(code["AADSTS".Length..], out int number))
            body["error_codes"] = new JsonArray(number);
        body["timestamp"] = timestamp;
        body["trace_id"] = trace;
        return new ArmResponse(refusal.Status, body);
    }
}
