using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Faults;

/// <summary>Long-running operations that fail, hang or vanish.</summary>
public sealed class OperationFaultTests
{
    private const string Body = """{"location":"local","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}}""";

    [Fact]
    public async Task Fail_TheStatusTheResultAndTheResourceSaySo()
    {
        await using StackHost host = await StackHost.StartAsync();
        (HttpResponseMessage begun, string id) = await BeginAsync(host, """{"operation":"Microsoft.Compute/disks/write","operationResult":"fail","error":"capacity","count":1}""");
        JsonNode status = await StackHost.JsonAsync(await PollAsync(host, begun, "Azure-AsyncOperation"));
        Assert.Equal(("Failed", "AllocationFailed"), (status["status"]!.GetValue<string>(), status["error"]!["code"]!.GetValue<string>()));
        Assert.Equal(409, (int)(await PollAsync(host, begun, "Location")).StatusCode);
        Assert.Equal("Failed", (await host.GetAsync(id, StackHost.Disks))["properties"]!["provisioningState"]!.GetValue<string>());
        await host.MakeDiskAsync("rg", "d1");
    }

    [Fact]
    public async Task Fail_OfAnAction_GivesNoResult()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        await host.AddFaultsAsync("""{"operation":"Microsoft.Compute/*/beginGetAccess/action","operationResult":"fail","code":"InternalDiskManagementError","message":"No.","count":1}""");
        HttpResponseMessage begun = await host.SendAsync(HttpMethod.Post, disk + "/beginGetAccess", StackHost.Disks, """{"access":"Read","durationInSeconds":60}""");
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(1));
        HttpResponseMessage result = await PollAsync(host, begun, "Location");
        Assert.Equal("InternalDiskManagementError", (await StackHost.JsonAsync(result))["error"]!["code"]!.GetValue<string>());
        Assert.Equal(0, (await host.ControlAsync(HttpMethod.Get, "/state")).Body["activeSas"]!.GetValue<int>());
        await host.GrantAsync(disk);
    }

    [Fact]
    public async Task Hang_NeverEnds()
    {
        await using StackHost host = await StackHost.StartAsync();
        (HttpResponseMessage begun, string id) = await BeginAsync(host, """{"operation":"Microsoft.Compute/disks/write","operationResult":"hang","count":1}""");
        host.Stack.AdvanceClock(TimeSpan.FromDays(1));
        await host.SignInAsync();
        Assert.Equal("InProgress", (await StackHost.JsonAsync(await PollAsync(host, begun, "Azure-AsyncOperation")))["status"]!.GetValue<string>());
        Assert.Equal(202, (int)(await PollAsync(host, begun, "Location")).StatusCode);
        Assert.NotEqual("Succeeded", (await host.GetAsync(id, StackHost.Disks))["properties"]!["provisioningState"]!.GetValue<string>());
    }

    [Fact]
    public async Task Vanish_PollsFindNothing_ThoughTheWorkIsDone()
    {
        await using StackHost host = await StackHost.StartAsync();
        (HttpResponseMessage begun, string id) = await BeginAsync(host, """{"operation":"Microsoft.Compute/disks/write","operationResult":"vanish","count":1}""");
        Assert.Equal(404, (int)(await PollAsync(host, begun, "Azure-AsyncOperation")).StatusCode);
        Assert.Equal(404, (int)(await PollAsync(host, begun, "Location")).StatusCode);
        Assert.Equal("Succeeded", (await host.GetAsync(id, StackHost.Disks))["properties"]!["provisioningState"]!.GetValue<string>());
    }

    private static async Task<(HttpResponseMessage Begun, string Id)> BeginAsync(StackHost host, string fault)
    {
        await host.MakeGroupAsync("rg");
        await host.AddFaultsAsync(fault);
        string id = host.Id("rg", "Microsoft.Compute/disks", "d1");
        HttpResponseMessage begun = await host.SendAsync(HttpMethod.Put, id, StackHost.Disks, Body);
        Assert.Equal(202, (int)begun.StatusCode);
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(1));
        return (begun, id);
    }

    private static Task<HttpResponseMessage> PollAsync(StackHost host, HttpResponseMessage begun, string header) =>
        host.SendUrlAsync(HttpMethod.Get, begun.Headers.GetValues(header).Single());
}
