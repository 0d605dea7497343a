using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Azure.Connections;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AzsBackup.Tests.Azure.Connections;

public sealed class StackConnectorTests
{
    [Theory]
    [InlineData("", "/" + FakeStack.Tenant + "/oauth2/v2.0/token", AzsIdentityProvider.Entra, FakeStack.Tenant)]
    [InlineData("adfs", "/adfs/oauth2/token", AzsIdentityProvider.Adfs, "adfs")]
    public async Task ConnectAsync_ClientSecret_AsksTheIssuerInItsOwnShape(
        string loginPath, string tokenPath, AzsIdentityProvider identity, string tenant)
    {
        await using var stack = await FakeStack.StartAsync();
        stack.LoginPath = loginPath;

        var connection = (await stack.ConnectAsync()).Connection;

        var asked = Assert.Single(stack.Requests, request => request.Path.Contains("oauth2", StringComparison.Ordinal));
        Assert.Equal($"POST {tokenPath}", asked.Line);
        Assert.Contains("grant_type=client_credentials", asked.Body, StringComparison.Ordinal);
        Assert.Contains("scope=https%3A%2F%2Fmanagement.test%2Faudience%2F.default", asked.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("xms_cc", asked.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(stack.Requests, request => request.Path.Contains("discovery", StringComparison.Ordinal));
        Assert.Equal(identity, connection.Identity);
        Assert.Equal(tenant, connection.TenantId);
        Assert.Equal(FakeStack.ClientId, connection.Account);
        Assert.Equal(FakeStack.Subscription, connection.SubscriptionId);
        Assert.Equal("Tests", connection.SubscriptionName);
        Assert.Equal("local", connection.Location);
        Assert.Equal("2019-07-07", connection.BlobServiceVersion);
        Assert.Equal(stack.Uri.Authority, connection.Name);
    }

    [Fact]
    public async Task ConnectAsync_ClientCertificate_SignsAnAssertion()
    {
        await using var stack = await FakeStack.StartAsync();
        stack.LoginPath = "adfs";
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=app", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pfx, "pfx-pass"), TestContext.Current.CancellationToken);
            await stack.ConnectAsync(stack.SignIn(new ClientCertificateSignIn(FakeStack.ClientId, path, FakeStack.Secure("pfx-pass"))));
            Assert.Contains(stack.Requests, seen => seen.Body.Contains("client_assertion=", StringComparison.Ordinal));
            await AssertFailsAsync(
                stack, stack.SignIn(new ClientCertificateSignIn(FakeStack.ClientId, path, FakeStack.Secure("CANARY-wrong"))), "CertificateUnreadable");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task ConnectAsync_BorrowedToken_AsksForTheAudienceOnce()
    {
        await using var stack = await FakeStack.StartAsync();
        var asked = new List<string>();
        var signIn = stack.SignIn(new BorrowedTokenSignIn((resource, _) =>
        {
            asked.Add(resource);
            return Task.FromResult(new BorrowedToken(FakeStack.Jwt(DateTimeOffset.UtcNow.AddHours(1)), DateTimeOffset.UtcNow.AddHours(1)));
        })) with
        { TenantId = null };

        var connection = (await stack.ConnectAsync(signIn)).Connection;

        Assert.Equal(["https://management.test/audience"], asked);
        Assert.Equal(FakeStack.Tenant, connection.TenantId);
    }

    [Fact]
    public async Task ConnectAsync_AccessToken_IsSentAsItIs()
    {
        await using var stack = await FakeStack.StartAsync();
        var token = FakeStack.Jwt(DateTimeOffset.UtcNow.AddHours(1));
        await stack.ConnectAsync(stack.SignIn(new AccessTokenSignIn(FakeStack.Secure(token))));
        Assert.All(
            stack.Requests.Where(request => request.Path.StartsWith("/subscriptions", StringComparison.Ordinal)),
            request => Assert.Equal("Bearer " + token, request.Headers["Authorization"]));
    }

    [Fact]
    public async Task ConnectAsync_ExpiredAccessToken_FailsWithoutAskingTheStack()
    {
        await using var stack = await FakeStack.StartAsync();
        var signIn = stack.SignIn(new AccessTokenSignIn(FakeStack.Secure(FakeStack.Jwt(DateTimeOffset.UtcNow.AddMinutes(-1)))));
        await AssertFailsAsync(stack, signIn, "AccessTokenExpired");
        Assert.DoesNotContain(stack.Requests, request => request.Path.StartsWith("/subscriptions", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("adfs")]
    public async Task ConnectAsync_WrongSecret_SaysTheIssuersFirstLine(string loginPath)
    {
        await using var stack = await FakeStack.StartAsync();
        stack.LoginPath = loginPath;
        var failure = await AssertFailsAsync(
            stack, stack.SignIn(new ClientSecretSignIn(FakeStack.ClientId, FakeStack.Secure("CANARY-wrong"))), "SignInRefused");
        Assert.Equal(AzsErrorKind.AuthenticationFailed, failure.Kind);
        Assert.Contains("AADSTS7000215", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Trace ID", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_UntrustedCertificate_FailsAtTheFirstConnection()
    {
        await using var stack = await FakeStack.StartAsync();
        var failure = await AssertFailsAsync(stack, stack.SignIn() with { CaCertificatePath = null }, "StackCertificateUntrusted");
        Assert.Equal(AzsErrorKind.CertificateUntrusted, failure.Kind);
        Assert.Contains("-CaCertificatePath", failure.NextStep, StringComparison.Ordinal);
        Assert.Equal(1, stack.Connections);
        Assert.Empty(stack.Requests);
    }

    [Fact]
    public async Task ConnectAsync_CertificateForAnotherName_FailsThoughItsRootIsGiven()
    {
        await using var stack = await FakeStack.StartAsync("management.other.test");
        var failure = await AssertFailsAsync(stack, stack.SignIn(), "StackCertificateUntrusted");
        Assert.DoesNotContain("-CaCertificatePath", failure.NextStep, StringComparison.Ordinal);
        Assert.Empty(stack.Requests);
    }

    [Fact]
    public async Task ConnectAsync_CertificateOfAnotherRoot_Fails()
    {
        await using var stack = await FakeStack.StartAsync();
        using var other = new TestCertificateAuthority();
        await AssertFailsAsync(stack, stack.SignIn() with { CaCertificatePath = other.PemPath }, "StackCertificateUntrusted");
    }

    [Fact]
    public async Task ConnectAsync_RootInDerOrAmongSeveral_Connects()
    {
        await using var stack = await FakeStack.StartAsync();
        await stack.ConnectAsync(stack.SignIn() with { CaCertificatePath = stack.Authority.DerPath });
        using var other = new TestCertificateAuthority();
        await File.AppendAllTextAsync(
            other.PemPath, "\n" + await File.ReadAllTextAsync(stack.Authority.PemPath, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await stack.ConnectAsync(stack.SignIn() with { CaCertificatePath = other.PemPath });
    }

    [Fact]
    public async Task ConnectAsync_CaFileMissingOrNoCertificate_SaysSo()
    {
        await using var stack = await FakeStack.StartAsync();
        await AssertFailsAsync(stack, stack.SignIn() with { CaCertificatePath = "/nowhere/ca.pem" }, "CaCertificateNotFound");
        await AssertFailsAsync(stack, stack.SignIn() with { CaCertificatePath = typeof(StackConnectorTests).Assembly.Location }, "CaCertificateInvalid");
    }

    [Fact]
    public async Task ConnectAsync_EndpointThatIsNoStack_SaysSo()
    {
        await using var stack = await FakeStack.StartAsync();
        stack.Metadata = context => context.Response.WriteAsync("<html>portal</html>");
        await AssertFailsAsync(stack, stack.SignIn(), "NotAStackEndpoint");
        stack.Metadata = context => FakeStack.JsonAsync(context, 404, "");
        await AssertFailsAsync(stack, stack.SignIn(), "NotAStackEndpoint");
        stack.Metadata = context => FakeStack.JsonAsync(context, 200, """{"authentication":{"loginEndpoint":"http://plain/","audiences":["a"]}}""");
        await AssertFailsAsync(stack, stack.SignIn(), "NotAStackEndpoint");
        await AssertFailsAsync(stack, stack.SignIn() with { ArmEndpoint = new Uri("http://127.0.0.1:1/") }, "EndpointNotHttps");
    }

    [Fact]
    public async Task ConnectAsync_OnlyTheOlderMetadataVersion_IsFallenBackTo()
    {
        await using var stack = await FakeStack.StartAsync();
        stack.Answer = async (context, request) =>
        {
            if (request.Path != "/metadata/endpoints" || request.Query.Contains("=1.0", StringComparison.Ordinal)) return false;
            await FakeStack.JsonAsync(context, 400, """{"error":{"code":"InvalidApiVersionParameter","message":"no"}}""");
            return true;
        };
        await stack.ConnectAsync();
    }

    [Theory]
    [InlineData("https://127.0.0.1:1/")]
    [InlineData("https://no-such-host.invalid/")]
    public async Task ConnectAsync_NobodyAnswers_IsUnreachable(string endpoint)
    {
        await using var stack = await FakeStack.StartAsync();
        var failure = await AssertFailsAsync(stack, stack.SignIn() with { ArmEndpoint = new Uri(endpoint) }, "StackUnreachable");
        Assert.Equal(AzsErrorKind.ConnectionFailed, failure.Kind);
    }

    [Fact]
    public async Task ConnectAsync_NoTenantOnEntra_AsksForIt()
    {
        await using var stack = await FakeStack.StartAsync();
        await AssertFailsAsync(stack, stack.SignIn() with { TenantId = null }, "TenantIdMissing");
        await AssertFailsAsync(stack, stack.SignIn() with { TenantId = "a/b" }, "TenantIdMalformed");
    }

    [Fact]
    public async Task ConnectAsync_SeveralSubscriptions_MustBeToldWhich()
    {
        await using var stack = await FakeStack.StartAsync();
        const string Other = "8e0d2c3c-0000-4000-8000-5f1f7b6e6a02";
        stack.Subscriptions = $$"""{"value":[{"subscriptionId":"{{FakeStack.Subscription}}","displayName":"One"},{"subscriptionId":"{{Other}}","displayName":"Two"}]}""";
        var failure = await AssertFailsAsync(stack, stack.SignIn(), "SubscriptionAmbiguous");
        Assert.Contains(Other, failure.Message, StringComparison.Ordinal);
        Assert.Equal("One", (await stack.ConnectAsync(stack.SignIn() with { SubscriptionId = FakeStack.Subscription.ToUpperInvariant() })).Connection.SubscriptionName);
        await AssertFailsAsync(stack, stack.SignIn() with { SubscriptionId = Guid.Empty.ToString() }, "SubscriptionNotFound");
        stack.Subscriptions = """{"value":[]}""";
        await AssertFailsAsync(stack, stack.SignIn(), "NoSubscription");
    }

    [Fact]
    public async Task ConnectAsync_Cancelled_IsACancellation()
    {
        await using var stack = await FakeStack.StartAsync();
        using var cancel = new CancellationTokenSource();
        stack.Metadata = async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var connector = new StackConnector(stack.Clock, new Random(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connector.ConnectAsync(stack.SignIn(), new SilentRunLog(), cancel.Token));
    }

    private static async Task<AzsException> AssertFailsAsync(FakeStack stack, StackSignIn signIn, string errorId)
    {
        var failure = await Assert.ThrowsAsync<AzsException>(() => stack.ConnectAsync(signIn));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("CANARY", failure.NextStep + failure.Target, StringComparison.OrdinalIgnoreCase);
        return failure;
    }
}
