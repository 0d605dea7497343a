using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Identity;

/// <summary>The token endpoint: client credentials, passwords, refresh tokens and device codes, in Entra's or AD FS's words.</summary>
internal sealed class TokenEndpoint(StackState stack, SignInNames names, PrincipalDirectory directory, TokenIssuer issuer, DeviceSignIns devices)
{
    private static readonly string[] ProtocolScopes = ["openid", "profile", "offline_access", "email"];

    /// <summary>Answers a token request.</summary>
    /// <exception cref="OAuthException">It is refused.</exception>
    public async Task<JsonObject> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form = await ReadAsync(request, cancellationToken);
        string grant = form["grant_type"].ToString();
        return grant switch
        {
            "client_credentials" => ForClient(form),
            "password" => ForPassword(form),
            "refresh_token" => ForRefresh(form),
            "device_code" or "urn:ietf:params:oauth:grant-type:device_code" => ForDevice(form),
            _ => throw new OAuthException(400, "unsupported_grant_type", Word("MSIS9611: The authorization server does not support the requested 'grant_type'.", $"AADSTS70003: The app requested an unsupported grant type '{grant}'.")),
        };
    }

    /// <summary>Begins a sign-in by device code.</summary>
    public async Task<JsonObject> BeginDeviceAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form = await ReadAsync(request, cancellationToken);
        return devices.Begin(Required(form, "client_id"), Audience(form));
    }

    private static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.Method == "POST" && request.HasFormContentType
            ? await request.ReadFormAsync(cancellationToken)
            : throw new OAuthException(400, "invalid_request", "AADSTS900144: The request body must contain the following parameter: 'grant_type'.");

    private string Word(string adfs, string entra) => names.IsAdfs ? adfs : entra;

    private string Required(IFormCollection form, string parameter) =>
        form[parameter].ToString() is { Length: > 0 } value ? value : throw new OAuthException(400, "invalid_request",
            Word($"MSIS9602: The received request is missing the required parameter '{parameter}'.", $"AADSTS900144: The request body must contain the following parameter: '{parameter}'."));

    private string Audience(IFormCollection form)
    {
        string asked = form["resource"].ToString() is { Length: > 0 } resource ? resource
            : form["scope"].ToString().Split(' ').FirstOrDefault(scope => scope.Length > 0 && !ProtocolScopes.Contains(scope)) ?? "";
        if (asked.Length == 0)
            Required(form, "scope");
        return names.Audience(asked) ?? throw new OAuthException(400, names.IsAdfs ? "invalid_resource" : "invalid_scope",
            Word($"MSIS9602: The received 'resource' parameter is invalid. The authorization server can not find a registered resource with the specified identifier '{asked}'.",
                $"AADSTS500011: The resource principal named {asked} was not found in the tenant named {stack.TenantId}."));
    }

    private JsonObject ForClient(IFormCollection form)
    {
        string clientId = Required(form, "client_id");
        if (directory.Find(clientId) is not { Kind: PrincipalKind.ServicePrincipal } application)
        {
            throw names.IsAdfs
                ? new OAuthException(400, "invalid_client", "MSIS9223: Received invalid OAuth client credentials request. The received 'client_id' is invalid as no registered client was found with this client identifier.")
                : new OAuthException(400, "unauthorized_client", $"AADSTS700016: Application with identifier '{clientId}' was not found in the directory '{stack.TenantId}'.");
        }

        string secret = form["client_secret"].ToString();
        if (secret.Length == 0)
            RequireAssertion(form["client_assertion"].ToString(), application);
        else if (!application.HasSecret(secret))
        {
            throw new OAuthException(401, "invalid_client", Word(
                "MSIS9622: Client authentication failed. Please verify the credential provided for client authentication is valid.",
                $"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{application.SignInName}'."));
        }

        return issuer.Grant(application, application.SignInName, Audience(form));
    }

    private void RequireAssertion(string assertion, Principal application)
    {
        if (assertion.Length == 0)
            throw new OAuthException(401, "invalid_client", "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");
        using RSA? key = application.Certificate?.GetRSAPublicKey();
        JsonObject? claims = key is null ? null : TokenSigner.Verify(assertion, key);
        bool isGood = claims is not null && claims.Text("iss") == application.SignInName && claims.Text("sub") == application.SignInName
            && claims.Number("exp") > stack.Now.ToUnixTimeSeconds();
        if (!isGood)
            throw new OAuthException(401, "invalid_client", "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application, or the assertion is not valid.");
    }

    private JsonObject ForPassword(IFormCollection form)
    {
        string clientId = Required(form, "client_id");
        bool isRight = directory.Find(Required(form, "username")) is { Kind: PrincipalKind.User } found && found.HasSecret(Required(form, "password"));
        return isRight
            ? issuer.Grant(directory.Find(form["username"].ToString())!, clientId, Audience(form))
            : throw new OAuthException(400, "invalid_grant", Word("MSIS9659: Invalid 'username' or 'password'.", "AADSTS50126: Error validating credentials due to invalid username or password."));
    }

    private JsonObject ForRefresh(IFormCollection form)
    {
        string clientId = Required(form, "client_id");
        bool isGood = issuer.ReadRefresh(Required(form, "refresh_token"), clientId) is { } read
            && directory.Find(read.SignInName) is { } user && read.IssuedAt >= user.TokensValidFrom;
        if (!isGood)
        {
            throw new OAuthException(400, "invalid_grant", Word(
                "MSIS9615: The refresh token received in 'refresh_token' parameter is invalid.",
                "AADSTS700082: The refresh token has expired, was revoked or is not valid for this application."));
        }

        return issuer.Grant(directory.Find(issuer.ReadRefresh(form["refresh_token"].ToString(), clientId)!.Value.SignInName)!, clientId, Audience(form));
    }

    private JsonObject ForDevice(IFormCollection form)
    {
        string code = form["device_code"].ToString() is { Length: > 0 } modern ? modern : Required(form, "code");
        string clientId = Required(form, "client_id");
        (DeviceSignIn signIn, Principal user) = devices.Redeem(code, clientId);
        return issuer.Grant(user, clientId, signIn.Audience);
    }
}
