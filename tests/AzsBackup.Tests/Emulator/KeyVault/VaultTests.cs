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
    public async Task Restart_Secrets_AreThereWithEveryVersion()
    {
        string directory = Directory.CreateTempSubdirectory("azsbackup-vault-").FullName;
        try
        {
            string before = "";
            for (int start = 0; start < 3; start++)
            {
                await using EmulatedStack stack = await EmulatedStack.StartAsync(new EmulatedStackOptions { ProxyPort = 0, StateDirectory = directory }, StackHost.Cancel);
                using HttpClient client = Client(stack);
                string token = await TokenAsync(client, stack, "https://vault.local.azurestack.external");
                if (start == 0)
                    await FillAsync(client, stack, token);
                string now = "";
                foreach (string list in (string[])["/secrets", "/secrets/a/versions", "/secrets/a", "/secrets/B"])
                    now += (await JsonAsync(client, HttpMethod.Get, $"{Root}{list}?api-version=2016-10-01", token)).Body.ToJsonString() + "\n";
                Assert.Contains("two", now, StringComparison.Ordinal);
                Assert.DoesNotContain("error", now, StringComparison.Ordinal);
                Assert.Equal(start == 0 ? now : before, now);
                before = now;
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Fault_OnAVaultsOperation_IsSaidInTheVaultsWords()
    {
        await using EmulatedStack stack = await StartNamedAsync();
        using HttpClient client = Client(stack);
        string token = await TokenAsync(client, stack, "https://vault.local.azurestack.external");
        await FillAsync(client, stack, token);
        (int added, _) = await JsonAsync(client, HttpMethod.Post, stack.ControlEndpoint + "faults", "", """[{"operation":"GetSecret","status":429,"retryAfter":3,"count":1},{"operation":"GetSecrets","expireToken":true}]""");
        Assert.Equal(200, added);
        (int status, JsonNode refusal) = await JsonAsync(client, HttpMethod.Get, Root + "/secrets/a?api-version=2016-10-01", token);
        Assert.Equal((429, "Throttled"), (status, refusal["error"]!["code"]!.GetValue<string>()));
        Assert.Equal(200, (await JsonAsync(client, HttpMethod.Get, Root + "/secrets/a?api-version=2016-10-01", token)).Status);
        Assert.Equal(401, (await JsonAsync(client, HttpMethod.Get, Root + "/secrets?api-version=2016-10-01", token)).Status);
        Assert.Equal(401, (await JsonAsync(client, HttpMethod.Get, Root + "/secrets/a?api-version=2016-10-01", token)).Status);
    }

    [Fact]
    public async Task Proxy_ForeignHost_IsRefused()
    {
        await using EmulatedStack stack = await StartNamedAsync();
        using HttpClient client = Client(stack);
        HttpRequestException refusal = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://example.com/"), StackHost.Cancel));
        Assert.Contains("403", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A vault whose secret a has two versions, and another secret.</summary>
    private static async Task FillAsync(HttpClient client, EmulatedStack stack, string token)
    {
        string arm = await TokenAsync(client, stack, (await JsonAsync(client, HttpMethod.Get, stack.ArmEndpoint + "metadata/endpoints?api-version=1.0", "")).Body["authentication"]!["audiences"]![0]!.GetValue<string>());
        string owner = (await JsonAsync(client, HttpMethod.Get, stack.ControlEndpoint + "principals", "")).Body["value"]![0]!["objectId"]!.GetValue<string>();
        string scope = $"{stack.ArmEndpoint}subscriptions/{stack.SubscriptionId}/resourceGroups/group";
        await JsonAsync(client, HttpMethod.Put, scope + "?api-version=2019-10-01", arm, """{"location":"local"}""");
        await JsonAsync(client, HttpMethod.Put, scope + "/providers/Microsoft.KeyVault/vaults/safe?api-version=2019-09-01", arm,
            $$$"""{"location":"local","properties":{"sku":{"family":"A","name":"standard"},"accessPolicies":[{"objectId":"{{{owner}}}","permissions":{"secrets":["all"]}}]}}""");
        string secrets = Root + "/secrets/";
        await JsonAsync(client, HttpMethod.Put, secrets + "a?api-version=2016-10-01", token, """{"value":"one"}""");
        await JsonAsync(client, HttpMethod.Put, secrets + "a?api-version=2016-10-01", token, """{"value":"two","contentType":"text/plain","tags":{"k":"ü"},"attributes":{"exp":1900000000}}""");
        await JsonAsync(client, HttpMethod.Put, secrets + "b?api-version=2016-10-01", token, """{"value":"three"}""");
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
