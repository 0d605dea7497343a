using System.Globalization;
using System.Net;
using System.Security;
using System.Text;
using AzsBackup.Azure.Connections;
using AzsBackup.Engine.Stacks;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AzsBackup.Tests.Azure.Fakes;

/// <summary>
/// Enough of a stack to connect to: metadata, tokens, one subscription, a provider list. What a test is about it answers
/// itself, in <see cref="Answer"/>.
/// </summary>
public sealed class FakeStack : IAsyncDisposable
{
    public const string Subscription = "8e0d2c3c-0000-4000-8000-5f1f7b6e6a01";
    public const string Tenant = "0b5f0d7e-0000-4000-8000-1a2b3c4d5e6f";
    public const string ClientId = "c11e47aa-0000-4000-8000-0123456789ab";
    public const string Secret = "CANARY-secret-1f6c";

    private FakeServer _server = null!;

    public TestCertificateAuthority Authority { get; } = new();

    public InstantTimeProvider Clock { get; } = new();

    /// <summary>The path of the login endpoint: empty for Entra, <c>adfs</c> for AD FS.</summary>
    public string LoginPath { get; set; } = "";

    public string Subscriptions { get; set; } =
        $$"""{"value":[{"id":"/subscriptions/{{Subscription}}","subscriptionId":"{{Subscription}}","displayName":"Tests","tenantId":"{{Tenant}}","state":"Enabled"}]}""";

    public string Providers { get; set; } = """
        {"value":[
          {"namespace":"Microsoft.Compute","resourceTypes":[
            {"resourceType":"virtualMachines","apiVersions":["2020-06-01","2017-12-01"]},
            {"resourceType":"disks","apiVersions":["2019-07-01","2017-03-30"]},
            {"resourceType":"snapshots","apiVersions":["2019-07-01","2017-03-30"]}]},
          {"namespace":"Microsoft.Resources","resourceTypes":[{"resourceType":"resources","apiVersions":["2019-10-01"]}]}]}
        """;

    /// <summary>What the stack's metadata endpoint answers; null: what a stack does.</summary>
    public Func<HttpContext, Task>? Metadata { get; set; }

    /// <summary>What the token endpoint answers; null: a token for the right secret.</summary>
    public Func<HttpContext, SeenRequest, Task>? Tokens { get; set; }

    /// <summary>Answers everything else, and may answer before the rest; true if it did.</summary>
    public Func<HttpContext, SeenRequest, Task<bool>> Answer { get; set; } = static (_, _) => Task.FromResult(false);

    public IEnumerable<SeenRequest> Requests => _server.Requests;

    public int Connections => _server.Connections;

    public Uri Uri => _server.Uri;

    public string Root => Uri.AbsoluteUri.TrimEnd('/');

    public static async Task<FakeStack> StartAsync(string certificateName = "127.0.0.1")
    {
        var stack = new FakeStack();
        stack._server = await FakeServer.StartAsync(stack.Authority.Issue(certificateName), stack.RespondAsync);
        return stack;
    }

    public static string Jwt(DateTimeOffset expires, string extra = "")
    {
        static string Part(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var claims = $$"""{"exp":{{expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}},"appid":"{{ClientId}}","tid":"{{Tenant}}"{{extra}}}""";
        return $"{Part("""{"alg":"none"}""")}.{Part(claims)}.CANARYtokenSignature";
    }

    public static SecureString Secure(string text) => new NetworkCredential("", text).SecurePassword;

    public StackSignIn SignIn(StackCredential? credential = null) => new()
    {
        ArmEndpoint = Uri,
        TenantId = Tenant,
        CaCertificatePath = Authority.PemPath,
        Credential = credential ?? new ClientSecretSignIn(ClientId, Secure(Secret)),
    };

    public Task<IStack> ConnectAsync(StackSignIn? signIn = null) =>
        new StackConnector(Clock, new Random(1)).ConnectAsync(signIn ?? SignIn(), new SilentRunLog(), TestContext.Current.CancellationToken);

    /// <summary>Connects with a token, which asks no token endpoint.</summary>
    public async Task<IResourceClient> OpenResourcesAsync() =>
        (await ConnectAsync(SignIn(new AccessTokenSignIn(Secure(Jwt(DateTimeOffset.UtcNow.AddHours(1))))))).Resources;

    public static async Task JsonAsync(HttpContext context, int status, string body, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        if (body.Length == 0) return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(body);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Authority.Dispose();
    }

    private async Task RespondAsync(HttpContext context, SeenRequest request)
    {
        if (await Answer(context, request)) return;
        var path = request.Path;
        if (path == "/metadata/endpoints")
        {
            await (Metadata?.Invoke(context) ?? JsonAsync(context, 200, $$"""
                {"galleryEndpoint":"https://gallery/","graphEndpoint":"https://graph/","portalEndpoint":"https://portal/",
                 "authentication":{ "loginEndpoint":"{{Root}}/{{LoginPath}}","audiences":["https://management.test/audience"] } }
                """));
        }
        else if (path.Contains("/oauth2/", StringComparison.Ordinal))
        {
            if (Tokens is not null)
            {
                await Tokens(context, request);
            }
            else if (request.Body.Contains(Secret, StringComparison.Ordinal) || request.Body.Contains("client_assertion", StringComparison.Ordinal))
            {
                await JsonAsync(context, 200, $$"""{"token_type":"Bearer","expires_in":3599,"access_token":"{{Jwt(DateTimeOffset.UtcNow.AddHours(1))}}"}""");
            }
            else
            {
                await JsonAsync(context, 401, """
                    {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nTimestamp: 2"}
                    """);
            }
        }
        else if (path.Contains("/discovery/instance", StringComparison.Ordinal) || !request.Headers.ContainsKey("Authorization"))
        {
            await JsonAsync(context, 401, """{"error":{"code":"AuthenticationFailed","message":"No token."}}""");
        }
        else if (path == "/subscriptions")
        {
            await JsonAsync(context, 200, Subscriptions);
        }
        else if (path == $"/subscriptions/{Subscription}/locations")
        {
            await JsonAsync(context, 200, """{"value":[{"name":"local","displayName":"local"}]}""");
        }
        else if (path == $"/subscriptions/{Subscription}/providers")
        {
            await JsonAsync(context, 200, Providers);
        }
        else
        {
            await JsonAsync(context, 404, """{"error":{"code":"ResourceNotFound","message":"The resource was not found."}}""");
        }
    }
}
