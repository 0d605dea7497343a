using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Xunit;

namespace AzsBackup.Tests.Emulator.Identity;

public sealed class SignInTests
{
    [Theory]
    [InlineData(StackIdentityProvider.Entra)]
    [InlineData(StackIdentityProvider.Adfs)]
    public async Task Token_RightSecret_OpensArm(StackIdentityProvider identity)
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Identity = identity });
        JsonNode subscriptions = await host.GetAsync("/subscriptions", "2016-06-01");
        Assert.Equal(host.Stack.SubscriptionId, subscriptions["value"]![0]!["subscriptionId"]!.GetValue<string>());
        string login = (await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, "/metadata/endpoints?api-version=2015-01-01")))["authentication"]!["loginEndpoint"]!.GetValue<string>();
        Assert.Equal(identity == StackIdentityProvider.Adfs, login.EndsWith("/adfs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StackIdentityProvider.Entra)]
    [InlineData(StackIdentityProvider.Adfs)]
    public async Task Token_AskedByAzureIdentity_OpensArm(StackIdentityProvider identity)
    {
        using X509Certificate2 certificate = SelfSigned();
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Identity = identity, ClientCertificate = certificate });
        // The library checks its assertions' times against the real clock.
        host.Stack.AdvanceClock(TimeProvider.System.GetUtcNow() - StackHost.Start);
        using HttpClient client = host.CreateClient();
        using HttpClientTransport transport = new(client);
        string tenant = identity == StackIdentityProvider.Adfs ? "adfs" : host.Stack.TenantId;
        TokenRequestContext scope = new([await host.AudienceAsync() + "/.default"]);
        TokenCredential[] credentials =
        [
            new ClientSecretCredential(tenant, host.Stack.ClientId, host.Stack.ClientSecret,
                new ClientSecretCredentialOptions { AuthorityHost = host.Stack.ArmEndpoint, DisableInstanceDiscovery = true, Transport = transport }),
            new ClientCertificateCredential(tenant, host.Stack.ClientId, certificate,
                new ClientCertificateCredentialOptions { AuthorityHost = host.Stack.ArmEndpoint, DisableInstanceDiscovery = true, Transport = transport }),
        ];
        foreach (TokenCredential credential in credentials)
        {
            host.UseToken((await credential.GetTokenAsync(scope, StackHost.Cancel)).Token);
            await host.GetAsync("/subscriptions", "2016-06-01");
        }
    }

    [Theory]
    [InlineData(StackIdentityProvider.Entra, "AADSTS7000215")]
    [InlineData(StackIdentityProvider.Adfs, "MSIS9622")]
    public async Task Token_WrongSecret_IsInvalidClient(StackIdentityProvider identity, string code)
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Identity = identity });
        HttpResponseMessage response = await host.TokenAsync("wrong");
        JsonNode body = await StackHost.JsonAsync(response);
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("invalid_client", body["error"]!.GetValue<string>());
        Assert.StartsWith(code, body["error_description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arm_TokenOutlived_IsExpired()
    {
        await using StackHost host = await StackHost.StartAsync();
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(3598));
        await host.GetAsync("/subscriptions", "2016-06-01");
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(2));
        await host.AssertRefusedAsync(401, "ExpiredAuthenticationToken", HttpMethod.Get, "/subscriptions", "2016-06-01");
        await host.SignInAsync();
        await host.GetAsync("/subscriptions", "2016-06-01");
    }

    [Fact]
    public async Task Arm_NoOrForeignToken_IsChallenged()
    {
        await using StackHost host = await StackHost.StartAsync();
        await using StackHost other = await StackHost.StartAsync();
        string foreign = (await StackHost.JsonAsync(await other.TokenAsync(other.Stack.ClientSecret)))["access_token"]!.GetValue<string>();
        host.UseToken(foreign);
        await host.AssertRefusedAsync(401, "InvalidAuthenticationToken", HttpMethod.Get, "/subscriptions", "2016-06-01");
        host.UseToken("");
        HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, "/subscriptions", "2016-06-01");
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Parameter!.Contains("authorization_uri", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Arm_TokenForAnotherAudience_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        host.UseToken((await StackHost.JsonAsync(await host.TokenAsync(host.Stack.ClientSecret, "https://vault.local.azurestack.external")))["access_token"]!.GetValue<string>());
        await host.AssertRefusedAsync(401, "InvalidAuthenticationTokenAudience", HttpMethod.Get, "/subscriptions", "2016-06-01");
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA key = RSA.Create(2048);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
