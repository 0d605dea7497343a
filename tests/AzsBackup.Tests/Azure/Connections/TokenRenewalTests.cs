using AzsBackup.Azure.Connections;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Xunit;

namespace AzsBackup.Tests.Azure.Connections;

/// <summary>Tokens that end while work goes on.</summary>
public sealed class TokenRenewalTests
{
    private const string Disk = $"/subscriptions/{FakeStack.Subscription}/resourceGroups/rg/providers/Microsoft.Compute/disks/d";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_TokenRefused_IsSentOnceMoreWithANewOneForAllWorkers()
    {
        await using var stack = await FakeStack.StartAsync();
        var issued = 0;
        stack.Tokens = (context, _) => FakeStack.JsonAsync(
            context, 200, $$"""{"token_type":"Bearer","expires_in":3599,"access_token":"{{Token(Interlocked.Increment(ref issued))}}"}""");
        stack.Answer = async (context, request) =>
        {
            if (request.Path != Disk) return false;
            var isOld = request.Headers["Authorization"].EndsWith('1');
            await FakeStack.JsonAsync(context, isOld ? 401 : 200, isOld ? """{"error":{"code":"ExpiredAuthenticationToken","message":"x"}}""" : $$"""{"id":"{{Disk}}"}""");
            return true;
        };
        var resources = (await stack.ConnectAsync()).Resources;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => resources.GetAsync(ResourceId.Parse(Disk), Ct)));
        Assert.Equal(2, issued);
        Assert.InRange(stack.Requests.Count(request => request.Path == Disk), 17, 32);
    }

    [Fact]
    public async Task Request_EveryTokenRefused_IsToldAfterOneMore()
    {
        await using var stack = await FakeStack.StartAsync();
        Refuse(stack);
        var resources = (await stack.ConnectAsync()).Resources;
        var failure = await Assert.ThrowsAsync<AzsException>(() => resources.GetAsync(ResourceId.Parse(Disk), Ct));
        Assert.Equal((AzsErrorKind.AuthenticationFailed, "SignInRefused"), (failure.Kind, failure.ErrorId));
        Assert.InRange(stack.Requests.Count(request => request.Path == Disk), 1, 2);
    }

    [Fact]
    public async Task Request_HandedOverTokenEnds_SaysToConnectAgain()
    {
        await using var stack = await FakeStack.StartAsync();
        var resources = await stack.OpenResourcesAsync();
        stack.Clock.Advance(TimeSpan.FromHours(2));
        var failure = await Assert.ThrowsAsync<AzsException>(() => resources.GetAsync(ResourceId.Parse(Disk), Ct));
        Assert.Equal("AccessTokenExpired", failure.ErrorId);
        Assert.Contains("Connect again", failure.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BorrowedTokenRefused_IsBorrowedAnew()
    {
        await using var stack = await FakeStack.StartAsync();
        var lent = 0;
        Refuse(stack, until: "2");
        var signIn = stack.SignIn(new BorrowedTokenSignIn((_, _) =>
            Task.FromResult(new BorrowedToken(Token(Interlocked.Increment(ref lent)), DateTimeOffset.UtcNow.AddHours(1)))));
        var resources = (await stack.ConnectAsync(signIn)).Resources;
        await resources.GetAsync(ResourceId.Parse(Disk), Ct);
        Assert.Equal(2, lent);
    }

    [Fact]
    public async Task Request_IssuerFailsWhileTheTokenIsGood_GoesOn()
    {
        await using var stack = await FakeStack.StartAsync();
        var lent = 0;
        Refuse(stack, until: "1");
        var signIn = stack.SignIn(new BorrowedTokenSignIn((_, _) => Interlocked.Increment(ref lent) == 1
            ? Task.FromResult(new BorrowedToken(Token(1), stack.Clock.GetUtcNow().AddMinutes(30)))
            : throw new AzsException(AzsErrorKind.ConnectionFailed, "IssuerGone", "The issuer is gone.", "Wait.")));
        var resources = (await stack.ConnectAsync(signIn)).Resources;
        stack.Clock.Advance(TimeSpan.FromMinutes(27));
        await resources.GetAsync(ResourceId.Parse(Disk), Ct);
        Assert.True(lent > 1);
        stack.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("IssuerGone", (await Assert.ThrowsAsync<AzsException>(() => resources.GetAsync(ResourceId.Parse(Disk), Ct))).ErrorId);
    }

    private static string Token(int number) => FakeStack.Jwt(DateTimeOffset.UtcNow.AddHours(1)) + number;

    /// <summary>Refuses every token, or those that do not end in a text.</summary>
    private static void Refuse(FakeStack stack, string? until = null) => stack.Answer = async (context, request) =>
    {
        if (request.Path != Disk) return false;
        var isGood = until is not null && request.Headers["Authorization"].EndsWith(until, StringComparison.Ordinal);
        await FakeStack.JsonAsync(context, isGood ? 200 : 401, isGood ? $$"""{"id":"{{Disk}}"}""" : """{"error":{"code":"InvalidAuthenticationToken","message":"x"}}""");
        return true;
    };
}
