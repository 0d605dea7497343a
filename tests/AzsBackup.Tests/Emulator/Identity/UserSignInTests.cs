using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Identity;

public sealed class UserSignInTests
{
    private const string Cli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

    [Theory]
    [InlineData(StackIdentityProvider.Entra, "AADSTS50126")]
    [InlineData(StackIdentityProvider.Adfs, "MSIS9659")]
    public async Task Password_RightOrWrong_OpensArmOrIsInvalidGrant(StackIdentityProvider identity, string code)
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Identity = identity });
        JsonNode user = await AddUserAsync(host);
        (int status, JsonNode refusal) = await PostAsync(host, "token", Password(user, "wrong"));
        Assert.Equal((400, "invalid_grant"), (status, Text(refusal, "error")));
        Assert.StartsWith(code, Text(refusal, "error_description"), StringComparison.Ordinal);
        (_, JsonNode tokens) = await PostAsync(host, "token", Password(user, Text(user, "secret")));
        host.UseToken(Text(tokens, "access_token"));
        await host.GetAsync(host.Subscription, "2016-06-01");
        Assert.Equal(identity == StackIdentityProvider.Entra, tokens["client_info"] is not null);
    }

    [Fact]
    public async Task Refresh_TokenOfUser_GivesAnotherUntilRevoked()
    {
        await using StackHost host = await StackHost.StartAsync();
        JsonNode user = await AddUserAsync(host);
        (_, JsonNode first) = await PostAsync(host, "token", Password(user, Text(user, "secret")));
        (string, string)[] refresh = [("grant_type", "refresh_token"), ("client_id", Cli), ("refresh_token", Text(first, "refresh_token")), ("scope", await host.AudienceAsync() + "/.default")];
        host.Stack.AdvanceClock(TimeSpan.FromHours(2));
        (int status, JsonNode second) = await PostAsync(host, "token", refresh);
        Assert.Equal(200, status);
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(1));
        await host.ControlAsync(HttpMethod.Post, "principals/revoke", $$"""{"signInName":"{{Text(user, "signInName")}}"}""");
        (status, JsonNode refusal) = await PostAsync(host, "token", refresh);
        Assert.Equal((400, "invalid_grant"), (status, Text(refusal, "error")));
        host.UseToken(Text(second, "access_token"));
        HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/subscriptions", "2016-06-01");
        AuthenticationHeaderValue challenge = Assert.Single(response.Headers.WwwAuthenticate);
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains("error=\"insufficient_claims\"", challenge.Parameter!, StringComparison.Ordinal);
        Assert.Contains("claims=\"", challenge.Parameter!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StackIdentityProvider.Entra)]
    [InlineData(StackIdentityProvider.Adfs)]
    public async Task DeviceCode_EnteredByUser_IsGrantedOnce(StackIdentityProvider identity)
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Identity = identity });
        JsonNode user = await AddUserAsync(host);
        (_, JsonNode begun) = await PostAsync(host, "devicecode", ("client_id", Cli), ("scope", await host.AudienceAsync() + "/.default openid"));
        (string, string)[] poll = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", Cli), ("device_code", Text(begun, "device_code"))];
        Assert.Equal("authorization_pending", Text((await PostAsync(host, "token", poll)).Body, "error"));
        using HttpClient browser = host.CreateClient();
        using FormUrlEncodedContent form = new([new("user_code", Text(begun, "user_code")), new("username", Text(user, "signInName")), new("password", Text(user, "secret"))]);
        await browser.PostAsync(new Uri(Text(begun, "verification_uri")), form, StackHost.Cancel);
        (int status, JsonNode tokens) = await PostAsync(host, "token", poll);
        Assert.Equal(200, status);
        host.UseToken(Text(tokens, "access_token"));
        await host.GetAsync(host.Subscription, "2016-06-01");
        Assert.Equal(400, (await PostAsync(host, "token", poll)).Status);
    }

    [Fact]
    public async Task Restart_UserRoleAndDeviceCode_AreAsBefore()
    {
        string directory = Directory.CreateTempSubdirectory("azsbackup-users-").FullName;
        try
        {
            JsonNode user, begun;
            EmulatedStackOptions options = new() { StateDirectory = directory };
            await using (StackHost host = await StackHost.StartAsync(options))
            {
                user = await AddUserAsync(host);
                (_, begun) = await PostAsync(host, "devicecode", ("client_id", Cli), ("scope", await host.AudienceAsync() + "/.default openid"));
                using HttpClient browser = host.CreateClient();
                using FormUrlEncodedContent form = new([new("user_code", Text(begun, "user_code")), new("username", Text(user, "signInName")), new("password", Text(user, "secret"))]);
                await browser.PostAsync(new Uri(Text(begun, "verification_uri")), form, StackHost.Cancel);
            }

            await using StackHost again = await StackHost.StartAsync(options);
            (int status, JsonNode tokens) = await PostAsync(again, "token",
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", Cli), ("device_code", Text(begun, "device_code")));
            Assert.Equal(200, status);
            Assert.Equal(200, (await PostAsync(again, "token", Password(user, Text(user, "secret")))).Status);
            again.UseToken(Text(tokens, "access_token"));
            await again.GetAsync(again.Subscription, "2016-06-01");
            await again.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Put, again.Group("new"), StackHost.Resources, """{"location":"local"}""");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Token_ForUnknownResource_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        HttpResponseMessage response = await host.TokenAsync(host.Stack.ClientSecret, "https://elsewhere.example");
        Assert.Equal(400, (int)response.StatusCode);
        Assert.StartsWith("AADSTS500011", Text(await StackHost.JsonAsync(response), "error_description"), StringComparison.Ordinal);
    }

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? throw new InvalidOperationException($"There is no {name} in {node.ToJsonString()}");

    private static (string, string)[] Password(JsonNode user, string password) =>
        [("grant_type", "password"), ("client_id", Cli), ("username", Text(user, "signInName")), ("password", password), ("scope", "ARM offline_access")];

    private static async Task<JsonNode> AddUserAsync(StackHost host) =>
        (await host.ControlAsync(HttpMethod.Post, "principals", """{"kind":"user","name":"kim","role":"Reader"}""")).Body;

    private static async Task<(int Status, JsonNode Body)> PostAsync(StackHost host, string endpoint, params (string Name, string Value)[] fields)
    {
        string path = host.Stack.Identity == StackIdentityProvider.Adfs ? "/adfs/oauth2/" : $"/{host.Stack.TenantId}/oauth2/v2.0/";
        string audience = await host.AudienceAsync();
        using FormUrlEncodedContent form = new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value.Replace("ARM", audience + "/.default", StringComparison.Ordinal))));
        using HttpClient client = host.CreateClient();
        using HttpResponseMessage response = await client.PostAsync(new Uri(host.Stack.ArmEndpoint, path + endpoint), form, StackHost.Cancel);
        return ((int)response.StatusCode, await StackHost.JsonAsync(response));
    }
}
