using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Faults;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Faults;

/// <summary>What a fault file may say, and what is said of one that can't be used.</summary>
public sealed class FaultReaderTests
{
    [Theory]
    [InlineData("""{"no":1}""", "Faults are a JSON array")]
    [InlineData("[5]", "Fault 1: it is no JSON object")]
    [InlineData("""[{"route":"(","status":500}]""", "Fault 1: \"route\" is no regular expression")]
    [InlineData("""[{"route":"x"}]""", "Fault 1: it says nothing that goes wrong")]
    [InlineData("""[{"status":500}]""", "Fault 1: it needs a \"route\"")]
    [InlineData("""[{"operation":"GetBlobs","status":500}]""", "Fault 1: \"operation\" \"GetBlobs\" is not known")]
    [InlineData("""[{"route":"x","status":500,"probability":1.5}]""", "\"probability\" must be above 0 and at most 1, not 1.5")]
    [InlineData("""[{"route":"x","status":200}]""", "\"status\" must be a whole number from 400 to 599, not 200")]
    [InlineData("""[{"route":"x","status":"500"}]""", "\"status\" must be a whole number, not \"500\"")]
    [InlineData("""[{"route":"x","status":500,"count":0}]""", "\"count\" must be a whole number of at least 1, not 0")]
    [InlineData("""[{"route":"x","status":429,"retryAfter":"soon"}]""", "\"retryAfter\" must be seconds or an HTTP date")]
    [InlineData("""[{"route":"x","latencyMs":5,"retryAfter":5}]""", "go with status, error or diff")]
    [InlineData("""[{"route":"x","status":500,"dropAfterBytes":5}]""", "only one of \"dropAfterBytes\", \"status\"")]
    [InlineData("""[{"route":"x","latencyMs":5,"direction":"request"}]""", "\"direction\" speaks of a body")]
    [InlineData("""[{"route":"x","flipByteAt":5,"stallMs":5}]""", "\"stallMs\" goes with stallAfterBytes")]
    [InlineData("""[{"route":"x","error":"fire"}]""", "\"error\" must be \"quota\" or \"lock\" or \"capacity\", not \"fire\"")]
    [InlineData("""[{"route":"x","expireSas":false}]""", "\"expireSas\" can only be true")]
    [InlineData("""[{"route":"x","status":500,"Status":503}]""", "Fault 1: ")]
    public async Task Faults_Malformed_AreRefusedWithTheEntryAndTheReason(string body, string reason)
    {
        await using StackHost host = await StackHost.StartAsync();
        (int status, System.Text.Json.Nodes.JsonNode answer) = await host.ControlAsync(HttpMethod.Post, "/faults", body);
        Assert.Equal(400, status);
        Assert.Contains(reason, answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0, (await host.ControlAsync(HttpMethod.Get, "/state")).Body["faults"]!.GetValue<int>());
    }

    [Fact]
    public void Read_SeveralMistakes_NamesThemAll()
    {
        FormatException refusal = Assert.Throws<FormatException>(() => new FaultReader(0, []).Read(ArmJson.Parse(
            """[{"name":"a","route":"x","status":1,"count":-1},{"route":"ok","status":500},{"bogus":1}]""")));
        Assert.Equal(5, refusal.Message.Split(Environment.NewLine).Length);
        Assert.Equal(2, refusal.Message.Split("Fault 1 (a): ").Length - 1);
        Assert.DoesNotContain("Fault 2", refusal.Message, StringComparison.Ordinal);
    }
}
