using System.Diagnostics;
using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Faults;

/// <summary>When faults strike, and how the stack's services refuse by them.</summary>
public sealed class FaultTests
{
    private const string Subscriptions = "2016-06-01";

    [Fact]
    public async Task Status_WithACount_StrikesThatOften()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.AddFaultsAsync("""{"route":"^/subscriptions","method":"GET","status":429,"retryAfter":"7","count":2}""");
        for (int i = 0; i < 2; i++)
        {
            HttpResponseMessage struck = await host.SendAsync(HttpMethod.Get, "/subscriptions", Subscriptions);
            Assert.Equal(429, (int)struck.StatusCode);
            Assert.Equal("7", struck.Headers.GetValues("Retry-After").Single());
        }

        await host.GetAsync("/subscriptions", Subscriptions);
    }

    [Theory]
    [InlineData("\"retryAfter\":7", "7")]
    [InlineData("\"retryAfterDateSeconds\":90", "Sun, 01 Mar 2026 12:01:30 GMT")]
    [InlineData("\"retryAfter\":\"Sun, 01 Mar 2026 12:00:05 GMT\"", "Sun, 01 Mar 2026 12:00:05 GMT")]
    [InlineData("\"code\":\"Slow\"", null)]
    public async Task Throttled_RetryAfter_IsSecondsDateOrAbsent(string property, string? expected)
    {
        await using StackHost host = await StackHost.StartAsync();
        string sas = await GrantAsync(host);
        host.Stack.AdvanceClock(StackHost.Start - await host.NowAsync());
        await host.AddFaultsAsync($$"""{"operation":"*/subscriptions/read","status":429,{{property}}}""", $$"""{"operation":"GetBlob","status":429,{{property}}}""");
        HttpResponseMessage arm = await host.SendAsync(HttpMethod.Get, "/subscriptions", Subscriptions);
        HttpResponseMessage blob = await host.SendUrlAsync(HttpMethod.Get, sas);
        foreach (HttpResponseMessage answer in new[] { arm, blob })
        {
            Assert.Equal(429, (int)answer.StatusCode);
            Assert.Equal(expected, answer.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.Single() : null);
        }
    }

    [Theory]
    [InlineData(500, "InternalServerError", "InternalError")]
    [InlineData(503, "ServerTimeout", "ServerBusy")]
    [InlineData(429, "SubscriptionRequestsThrottled", "ServerBusy")]
    public async Task Status_EachService_SpeaksItsOwnWords(int status, string armCode, string blobCode)
    {
        await using StackHost host = await StackHost.StartAsync();
        string sas = await GrantAsync(host);
        await host.AddFaultsAsync($$"""{"route":"^/(subscriptions|md-)","status":{{status}}}""");
        await host.AssertRefusedAsync(status, armCode, HttpMethod.Get, "/subscriptions", Subscriptions);
        HttpResponseMessage blob = await host.SendUrlAsync(HttpMethod.Get, sas);
        Assert.Equal((status, blobCode), ((int)blob.StatusCode, blob.Headers.GetValues("x-ms-error-code").Single()));
        Assert.Contains($"<Code>{blobCode}</Code>", await blob.Content.ReadAsStringAsync(StackHost.Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quota", "OperationNotAllowed", "exceeding quota limits")]
    [InlineData("lock", "ScopeLocked", "are locked")]
    [InlineData("capacity", "AllocationFailed", "sufficient capacity")]
    public async Task Error_ByName_IsInArmsWords(string name, string code, string words)
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        await host.AddFaultsAsync($$"""{"operation":"Microsoft.Compute/disks/write","error":"{{name}}","count":1}""");
        string id = host.Id("rg", "Microsoft.Compute/disks", "d1");
        HttpResponseMessage response = await host.SendAsync(HttpMethod.Put, id, StackHost.Disks, """{"location":"local"}""");
        JsonNode error = (await StackHost.JsonAsync(response))["error"]!;
        Assert.Equal((409, code), ((int)response.StatusCode, error["code"]!.GetValue<string>()));
        Assert.Contains(name == "lock" ? $"{words}: '{host.Group("rg")}'" : words, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await host.MakeDiskAsync("rg", "d1");
    }

    [Fact]
    public async Task After_LetsTheFirstPass()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.AddFaultsAsync("""{"route":"^/subscriptions","status":500,"after":2,"count":1}""");
        int[] statuses = await StatusesAsync(host, 4);
        Assert.Equal([200, 200, 500, 200], statuses);
    }

    [Fact]
    public async Task Probability_SameSeed_StrikesTheSameRequests()
    {
        int[][] runs = new int[3][];
        for (int run = 0; run < 3; run++)
        {
            await using StackHost host = await StackHost.StartAsync();
            await host.AddFaultsAsync($$"""{"route":"^/subscriptions","status":503,"probability":0.5,"seed":{{(run == 2 ? 12 : 11)}}}""");
            runs[run] = await StatusesAsync(host, 32);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.InRange(runs[0].Count(status => status == 503), 6, 26);
    }

    [Fact]
    public async Task List_TellsWhatEachHasSeenAndStruck_AndDeleteClears()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.AddFaultsAsync("""{"name":"one","route":"^/subscriptions","status":503,"after":1,"count":1}""", """{"route":"^/never","latencyMs":5}""");
        await StatusesAsync(host, 3);
        JsonNode list = (await host.ControlAsync(HttpMethod.Get, "/faults")).Body;
        Assert.Equal(1, list["count"]!.GetValue<int>());
        Assert.Equal(("one", 2, 1), (list["value"]![0]!["name"]!.GetValue<string>(), list["value"]![0]!["seen"]!.GetValue<int>(), list["value"]![0]!["struck"]!.GetValue<int>()));
        await host.ControlAsync(HttpMethod.Delete, "/faults");
        Assert.Empty((await host.ControlAsync(HttpMethod.Get, "/faults")).Body["value"]!.AsArray());
    }

    [Fact]
    public async Task Latency_WithJitter_IsWaited()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.AddFaultsAsync("""{"operation":"*/subscriptions/read","latencyMs":150,"jitterMs":50,"count":1}""");
        long start = Stopwatch.GetTimestamp();
        await host.GetAsync("/subscriptions", Subscriptions);
        // Only the lower bound holds on a busy machine; timers may fire a little early.
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(130));
    }

    [Fact]
    public async Task ExpireToken_TheTokenIsDead_ANewOneLives()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.AddFaultsAsync("""{"operation":"*/subscriptions/read","expireToken":true,"after":1,"count":1}""");
        await host.GetAsync("/subscriptions", Subscriptions);
        await host.AssertRefusedAsync(401, "ExpiredAuthenticationToken", HttpMethod.Get, "/subscriptions", Subscriptions);
        await host.AssertRefusedAsync(401, "ExpiredAuthenticationToken", HttpMethod.Get, host.Group("rg"), StackHost.Resources);
        await host.SignInAsync();
        await host.GetAsync("/subscriptions", Subscriptions);
    }

    [Fact]
    public async Task Token_Refused_SaysSo()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.AddFaultsAsync("""{"operation":"Token","status":503,"count":1}""");
        HttpResponseMessage struck = await host.TokenAsync(host.Stack.ClientSecret);
        Assert.Equal((503, "temporarily_unavailable"), ((int)struck.StatusCode, (await StackHost.JsonAsync(struck))["error"]!.GetValue<string>()));
        Assert.Equal(200, (int)(await host.TokenAsync(host.Stack.ClientSecret)).StatusCode);
    }

    [Fact]
    public async Task FaultsFile_Malformed_KeepsTheStackFromStarting()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, """[{"route":"x","status":500},{"name":"second","route":"y","latncyMs":5}]""", StackHost.Cancel);
        FormatException refusal = await Assert.ThrowsAsync<FormatException>(() => StackHost.StartAsync(new() { FaultsFile = file }));
        File.Delete(file);
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Fault 2 (second): \"latncyMs\" is no property of a fault", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> GrantAsync(StackHost host)
    {
        await host.MakeGroupAsync("rg");
        return await host.GrantAsync(await host.MakeDiskAsync("rg", "d1"));
    }

    private static async Task<int[]> StatusesAsync(StackHost host, int count)
    {
        int[] statuses = new int[count];
        for (int i = 0; i < count; i++)
            statuses[i] = (int)(await host.SendAsync(HttpMethod.Get, "/subscriptions", Subscriptions)).StatusCode;
        return statuses;
    }
}
