using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Faults;

public sealed class FaultTests
{
    [Fact]
    public async Task Status_WithACount_StrikesThatOften()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.ControlAsync(HttpMethod.Post, "/faults", """[{"route":"^/subscriptions","method":"GET","status":429,"retryAfter":"7","count":2}]""");
        for (int i = 0; i < 2; i++)
        {
            HttpResponseMessage struck = await host.SendAsync(HttpMethod.Get, "/subscriptions", "2016-06-01");
            Assert.Equal(429, (int)struck.StatusCode);
            Assert.Equal("7", struck.Headers.GetValues("Retry-After").Single());
        }

        await host.GetAsync("/subscriptions", "2016-06-01");
    }

    [Theory]
    [InlineData("dropAfterBytes", true)]
    [InlineData("truncateAfterBytes", false)]
    public async Task Body_CutShort_BreaksOrEndsEarly(string kind, bool breaks)
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string sas = await host.GrantAsync(await host.MakeDiskAsync("rg", "d1"));
        await host.ControlAsync(HttpMethod.Post, "/faults", $$$$$"""[{"route":"/md-","{{{{{kind}}}}}":100000,"count":1}]""");
        if (breaks)
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => host.ReadAsync(sas, 0, (1 << 20) - 1));
        else
            Assert.Equal(100000, (await host.ReadAsync(sas, 0, (1 << 20) - 1)).Body.Length);
        Assert.Equal(1 << 20, (await host.ReadAsync(sas, 0, (1 << 20) - 1)).Body.Length);
    }

    [Theory]
    [InlineData("""[{"route":"("}]""")]
    [InlineData("""[{"route":"x"}]""")]
    [InlineData("""[{"status":500}]""")]
    [InlineData("""{"no":1}""")]
    public async Task Faults_Malformed_AreRefusedWithASentence(string body)
    {
        await using StackHost host = await StackHost.StartAsync();
        (int status, JsonNode answer) = await host.ControlAsync(HttpMethod.Post, "/faults", body);
        Assert.Equal(400, status);
        Assert.NotEmpty(answer["error"]!.GetValue<string>());
        Assert.Equal(0, (await host.ControlAsync(HttpMethod.Get, "/state")).Body["faults"]!.GetValue<int>());
    }
}
