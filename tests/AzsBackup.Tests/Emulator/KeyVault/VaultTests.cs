using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.KeyVault;

/// <summary>Secrets of a vault under its own host name, which the stack's proxy leads to it.</summary>
public sealed class VaultTests
{
    private const string Root = "https://safe.vault.local.azurestack.external";

    [Fact]
    public async Task Secrets_SetReadListedDeleted_AsPolicyAllows()
    {
        await using EmulatedStack stack = await StartNamedAsync();
        using HttpClient client = Client(stack);
        string arm = await TokenAsync(client, stack, (await JsonAsync(client, HttpMethod.Get, stack.ArmEndpoint + "metadata/endpoints?api-version=1.0", "")).Body["authentication"]!["audiences"]![0]!.GetValue<string>());
        string vault = await TokenAsync(client, stack, "https://vault.local.azurestack.external");
        string scope = $"{stack.ArmEndpoint}subscriptions/{stack.SubscriptionId}/resourceGroups/group";
        string owner = (await JsonAsync(client, HttpMethod.Get, stack.ControlEndpoint + "principals", "")).Body["value"]![0]!["objectId"]!.GetValue<string>();
        await JsonAsync(client, HttpMethod.Put, scope + "?api-version=2019-10-01", arm, """{"location":"local"}""");
        (int status, _) = await JsonAsync(client, HttpMethod.Put, scope + "/providers/Microsoft.KeyVault/vaults/safe?api-version=2019-09-01", arm,
            $$$"""{"location":"local","properties":{"sku":{"family":"A","name":"standard"},"accessPolicies":[{"objectId":"{{{owner}}}","permissions":{"secrets":["get","set","list"]}}]}}""");
        Assert.Equal(200, status);

        string secret = Root + "/secrets/password?api-version=2016-10-01";
        (status, JsonNode challenge) = await JsonAsync(client, HttpMethod.Get, secret, "");
        Assert.Equal((401, "Unauthorized"), (status, challenge["error"]!["code"]!.GetValue<string>()));
        Assert.Equal(404, (await JsonAsync(client, HttpMethod.Get, secret, vault)).Status);
        (_, JsonNode first) = await JsonAsync(client, HttpMethod.Put, secret, vault, """{"value":"one"}""");
        await JsonAsync(client, HttpMethod.Put, secret, vault, """{"value":"two","contentType":"text/plain"}""");
        (_, JsonNode latest) = await JsonAsync(client, HttpMethod.Get, secret, vault);
        Assert.Equal(("two", "text/plain"), (latest["value"]!.GetValue<string>(), latest["contentType"]!.GetValue<string>()));
        Assert.Equal("one", (await JsonAsync(client, HttpMethod.Get, first["id"] + "?api-version=2016-10-01", vault)).Body["value"]!.GetValue<string>());
        (_, JsonNode list) = await JsonAsync(client, HttpMethod.Get, Root + "/secrets?api-version=2016-10-01", vault);
        Assert.Equal(Root + "/secrets/password", Assert.Single(list["value"]!.AsArray())!["id"]!.GetValue<string>());
        Assert.Equal(403, (await JsonAsync(client, HttpMethod.Delete, secret, vault)).Status);
        Assert.Equal(401, (await JsonAsync(client, HttpMethod.Get, secret, arm)).Status);
    }

    [Fact]
    public async Task Proxy_ForeignHost_IsRefused()
    {
        await using EmulatedStack stack = await StartNamedAsync();
        using HttpClient client = Client(stack);
        HttpRequestException refusal = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://example.com/"), StackHost.Cancel));
        Assert.Contains("403", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<EmulatedStack> StartNamedAsync() =>
        EmulatedStack.StartAsync(new EmulatedStackOptions { ProxyPort = 0, Seed = 7 }, StackHost.Cancel);

    private static HttpClient Client(EmulatedStack stack)
    {
        X509Certificate2 authority = X509Certificate2.CreateFromPem(File.ReadAllText(stack.CaCertificatePath));
        SocketsHttpHandler handler = new() { Proxy = new WebProxy(stack.ProxyEndpoint) { BypassList = ["127\\.0\\.0\\.1"] } };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority } };
        return new HttpClient(handler);
    }

    private static async Task<string> TokenAsync(HttpClient client, EmulatedStack stack, string audience)
    {
        using FormUrlEncodedContent form = new([
            new("grant_type", "client_credentials"), new("client_id", stack.ClientId), new("client_secret", stack.ClientSecret), new("scope", audience + "/.default")]);
        using HttpResponseMessage response = await client.PostAsync(new Uri($"https://login.local.azurestack.external/{stack.TenantId}/oauth2/v2.0/token"), form, StackHost.Cancel);
        return (await StackHost.JsonAsync(response))["access_token"]!.GetValue<string>();
    }

    private static async Task<(int Status, JsonNode Body)> JsonAsync(HttpClient client, HttpMethod method, string url, string token, string? body = null)
    {
        using HttpRequestMessage request = new(method, url);
        if (token.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.SendAsync(request, StackHost.Cancel);
        return ((int)response.StatusCode, await StackHost.JsonAsync(response));
    }
}
