using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Control;

public sealed class ControlTests
{
    [Fact]
    public async Task State_CountsSnapshotsAndGrants()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string snapshot = await host.MakeSnapshotAsync("rg", "s1", await host.MakeDiskAsync("rg", "d1"));
        await host.GrantAsync(snapshot);
        JsonNode state = (await host.ControlAsync(HttpMethod.Get, "/state")).Body;
        Assert.Equal((1, 1), (state["snapshots"]!.GetValue<int>(), state["activeSas"]!.GetValue<int>()));
        await host.DoAsync(HttpMethod.Post, snapshot + "/endGetAccess", StackHost.Disks);
        await host.DoAsync(HttpMethod.Delete, snapshot, StackHost.Disks);
        state = (await host.ControlAsync(HttpMethod.Get, "/state")).Body;
        Assert.Equal((0, 0), (state["snapshots"]!.GetValue<int>(), state["activeSas"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Requests_HoldNoSignature()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string sas = await host.GrantAsync(await host.MakeDiskAsync("rg", "d1"));
        await host.ReadAsync(sas, 0, 511);
        string text = (await host.ControlAsync(HttpMethod.Get, "/requests")).Body.ToJsonString();
        string signature = sas[(sas.IndexOf("sig=", StringComparison.Ordinal) + 4)..];
        Assert.Contains("sig=REDACTED", text, StringComparison.Ordinal);
        Assert.DoesNotContain(signature[..12], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_Advanced_ExpiresTokens()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.ControlAsync(HttpMethod.Post, "/clock", """{"advanceSeconds":4000}""");
        await host.AssertRefusedAsync(401, "ExpiredAuthenticationToken", HttpMethod.Get, "/subscriptions", "2016-06-01");
    }
}
