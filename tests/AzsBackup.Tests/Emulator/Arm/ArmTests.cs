using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Emulator.Pages;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Arm;

public sealed class ArmTests
{
    [Fact]
    public async Task ApiVersion_NotOffered_IsRefusedInArmsWords()
    {
        await using StackHost host = await StackHost.StartAsync();
        HttpResponseMessage response = await host.SendAsync(HttpMethod.Get, host.Subscription + "/providers/Microsoft.Compute/disks", "2023-10-02");
        Assert.Equal(400, (int)response.StatusCode);
        // As seen on a stamp: kubernetes-sigs/azuredisk-csi-driver issue 2577.
        Assert.Equal(
            "No registered resource provider found for location 'local' and API version '2023-10-02' for type 'disks'. The supported api-versions are '2017-03-30, 2018-04-01, 2018-06-01, 2018-09-30, 2019-03-01, 2019-07-01, 2019-11-01'. The supported locations are 'local'.",
            (await StackHost.JsonAsync(response))["error"]!["message"]!.GetValue<string>());
    }

    [Fact]
    public void Handle_ExceptionThatIsNoRefusal_IsArmsInternalServerError()
    {
        using PageStore pages = new(Path.Combine(Path.GetTempPath(), "azsbackup-never-written"));
        BlobService blobs = new(pages, Path.Combine(Path.GetTempPath(), "azsbackup-never-written"), new BlobServiceOptions(), TimeProvider.System);
        StackState stack = new(new EmulatedStackOptions(), TimeProvider.System, new IdSource(1), pages, blobs) { AudienceId = "a" };
        using BicepCli bicep = new(null);
        ArmEngine arm = new(stack, new RoomRegistry(stack), bicep);
        ArmResponse answer = arm.Handle(new ArmRequest("GET", ArmPath.Parse("/subscriptions"), null!, stack.BlobEndpoint, null));
        Assert.Equal((500, "InternalServerError"), (answer.Status, answer.Body!["error"]!["code"]!.GetValue<string>()));
        Assert.Contains("tracking id", answer.Body["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(stack.Gate.TryEnter());
        stack.Gate.Exit();
    }

    [Fact]
    public async Task ApiVersion_MissingOrUnknownType_HasItsOwnError()
    {
        await using StackHost host = await StackHost.StartAsync();
        HttpResponseMessage missing = await host.SendUrlAsync(HttpMethod.Get, host.Subscription + "/providers/Microsoft.Compute/disks");
        Assert.Equal("MissingApiVersionParameter", (await StackHost.JsonAsync(missing))["error"]!["code"]!.GetValue<string>());
        await host.AssertRefusedAsync(404, "InvalidResourceType", HttpMethod.Get, host.Subscription + "/providers/Microsoft.Compute/galleries", StackHost.Compute);
        await host.AssertRefusedAsync(404, "InvalidResourceNamespace", HttpMethod.Get, host.Subscription + "/providers/Microsoft.Nothing/things", StackHost.Compute);
    }

    [Fact]
    public async Task Providers_EveryVersionListed_IsAccepted()
    {
        await using StackHost host = await StackHost.StartAsync();
        JsonNode provider = await host.GetAsync(host.Subscription + "/providers/Microsoft.Network", StackHost.Resources);
        foreach (string type in (string[])["virtualNetworks", "loadBalancers", "publicIPAddresses"])
        {
            JsonNode entry = provider["resourceTypes"]!.AsArray().Single(item => string.Equals(item!["resourceType"]!.GetValue<string>(), type, StringComparison.OrdinalIgnoreCase))!;
            Assert.Contains(entry["apiProfiles"]!.AsArray(), profile => profile!["profileVersion"]!.GetValue<string>() == "2020-09-01-hybrid" && profile["apiVersion"]!.GetValue<string>() == "2018-11-01");
            foreach (JsonNode? version in entry["apiVersions"]!.AsArray())
                Assert.Empty((await host.GetAsync($"{host.Subscription}/providers/Microsoft.Network/{type}", version!.GetValue<string>()))["value"]!.AsArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(24)]
    [InlineData(1000)]
    public async Task Resources_AnyPageSize_GivesEachOnceInOrder(int pageSize)
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample", PageSize = pageSize });
        List<string> ids = [];
        string? link = $"{host.Subscription}/resources?api-version={StackHost.Resources}";
        while (link is not null)
        {
            JsonNode page = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, link));
            Assert.InRange(page["value"]!.AsArray().Count, 1, pageSize);
            ids.AddRange(page["value"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
            link = page["nextLink"]?.GetValue<string>();
        }

        Assert.Equal(ids.Order(StringComparer.OrdinalIgnoreCase), ids);
        Assert.Equal(24, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("resourceType eq 'microsoft.compute/VIRTUALMACHINES'", 3)]
    [InlineData("tagName eq 'role' and tagValue eq 'web'", 2)]
    [InlineData("name eq 'db-1' or name eq 'web-lb'", 2)]
    [InlineData("substringof('nsg', name)", 2)]
    [InlineData("resourceType ne 'Microsoft.Compute/disks' and resourceGroup eq 'contoso-app'", 9)]
    public async Task Resources_Filter_SelectsThem(string filter, int expected)
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        JsonNode found = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, $"{host.Subscription}/resources?api-version={StackHost.Resources}&$filter={Uri.EscapeDataString(filter)}"));
        Assert.Equal(expected, found["value"]!.AsArray().Count);
    }

    [Fact]
    public async Task Ids_OtherCase_MeanTheSameAndKeepTheirSpelling()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("Mixed-Case");
        string id = await host.MakeDiskAsync("Mixed-Case", "Data-Disk");
        JsonNode disk = await host.GetAsync($"{host.Subscription}/RESOURCEGROUPS/mixed-case/PROVIDERS/microsoft.compute/DISKS/data-disk", StackHost.Disks);
        Assert.Equal(id, disk["id"]!.GetValue<string>());
        Assert.Equal("Microsoft.Compute/disks", disk["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Operation_StatusDocument_GoesFromInProgressToSucceeded()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string id = host.Id("rg", "Microsoft.Network/virtualNetworks", "vnet");
        HttpResponseMessage put = await host.SendAsync(HttpMethod.Put, id, StackHost.Network, """{"location":"local","properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]}}}""");
        Assert.Equal(201, (int)put.StatusCode);
        Assert.Equal("Updating", (await StackHost.JsonAsync(put))["properties"]!["provisioningState"]!.GetValue<string>());
        string poll = put.Headers.GetValues("Azure-AsyncOperation").Single();
        Assert.Equal("InProgress", (await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, poll)))["status"]!.GetValue<string>());
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(1));
        Assert.Equal("Succeeded", (await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, poll)))["status"]!.GetValue<string>());
        Assert.Equal("Succeeded", (await host.GetAsync(id, StackHost.Network))["properties"]!["provisioningState"]!.GetValue<string>());
    }

    [Fact]
    public async Task Operation_ResultLocation_Answers202UntilDone()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        HttpResponseMessage put = await host.SendAsync(HttpMethod.Put, host.Id("rg", "Microsoft.Storage/storageAccounts", "acct1"), StackHost.Storage, """{"location":"local","kind":"Storage","sku":{"name":"Standard_LRS"},"properties":{}}""");
        Assert.Equal(202, (int)put.StatusCode);
        Assert.False(put.Headers.Contains("Azure-AsyncOperation"));
        string poll = put.Headers.Location!.AbsoluteUri;
        Assert.Equal(202, (int)(await host.SendUrlAsync(HttpMethod.Get, poll)).StatusCode);
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(1));
        HttpResponseMessage done = await host.SendUrlAsync(HttpMethod.Get, poll);
        Assert.Equal(200, (int)done.StatusCode);
        Assert.Equal($"{host.Stack.ArmEndpoint}acct1/", (await StackHost.JsonAsync(done))["properties"]!["primaryEndpoints"]!["blob"]!.GetValue<string>());
    }

    [Fact]
    public async Task Lock_CanNotDelete_BlocksDeletingAboveAtAndBelow()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        string held = disk + "/providers/Microsoft.Authorization/locks/hold";
        await host.DoAsync(HttpMethod.Put, held, StackHost.Locks, """{"properties":{"level":"CanNotDelete"}}""");
        await host.AssertRefusedAsync(409, "ScopeLocked", HttpMethod.Delete, disk, StackHost.Disks);
        await host.AssertRefusedAsync(409, "ScopeLocked", HttpMethod.Delete, host.Group("rg"), StackHost.Resources);
        Assert.Single((await host.GetAsync(host.Subscription + "/providers/Microsoft.Authorization/locks", StackHost.Locks))["value"]!.AsArray());
        await host.DoAsync(HttpMethod.Post, disk + "/beginGetAccess", StackHost.Disks, """{"access":"Read","durationInSeconds":60}""");
        await host.DoAsync(HttpMethod.Post, disk + "/endGetAccess", StackHost.Disks);
        await host.DoAsync(HttpMethod.Delete, held, StackHost.Locks);
        await host.DoAsync(HttpMethod.Delete, disk, StackHost.Disks);
        await host.AssertRefusedAsync(404, "ResourceNotFound", HttpMethod.Get, disk, StackHost.Disks);
    }

    [Fact]
    public async Task Lock_ReadOnlyOnTheGroup_BlocksWritesAndActions()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        await host.DoAsync(HttpMethod.Put, host.Group("rg") + "/providers/Microsoft.Authorization/locks/frozen", StackHost.Locks, """{"properties":{"level":"ReadOnly"}}""");
        await host.AssertRefusedAsync(409, "ScopeLocked", HttpMethod.Post, disk + "/beginGetAccess", StackHost.Disks, """{"access":"Read","durationInSeconds":60}""");
        await host.AssertRefusedAsync(409, "ScopeLocked", HttpMethod.Patch, disk, StackHost.Disks, """{"tags":{"a":"b"}}""");
        await host.GetAsync(disk, StackHost.Disks);
    }

    [Fact]
    public async Task GroupDelete_TakesEverythingInItWithIt()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        string sas = await host.GrantAsync(disk);
        await host.DoAsync(HttpMethod.Delete, host.Group("rg"), StackHost.Resources);
        await host.AssertRefusedAsync(404, "ResourceGroupNotFound", HttpMethod.Get, disk, StackHost.Disks);
        Assert.Equal(404, (int)(await host.SendAsync(HttpMethod.Head, host.Group("rg"), StackHost.Resources)).StatusCode);
        Assert.NotEqual(206, (await host.ReadAsync(sas, 0, 511)).Status);
    }

    [Theory]
    [InlineData("Microsoft.KeyVault/vaults", "2019-09-01", """{"location":"local","properties":{"sku":{"family":"A","name":"standard"}}}""")]
    [InlineData("Microsoft.Web/serverFarms", "2018-02-01", """{"location":"local","properties":{"workerSize":"0"}}""")]
    [InlineData("Microsoft.Network/routeTables", "2018-11-01", """{"location":"local","properties":{"routes":[]}}""")]
    public async Task AnyType_PutGetPatchListDelete_Work(string type, string version, string body)
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string id = host.Id("rg", type, "thing");
        await host.DoAsync(HttpMethod.Put, id, version, body);
        await host.DoAsync(HttpMethod.Patch, id, version, """{"tags":{"team":"blue"}}""");
        JsonNode got = await host.GetAsync(id, version);
        Assert.Equal("blue", got["tags"]!["team"]!.GetValue<string>());
        Assert.Equal("Succeeded", got["properties"]!["provisioningState"]!.GetValue<string>());
        Assert.Single((await host.GetAsync($"{host.Subscription}/providers/{type}", version))["value"]!.AsArray());
        Assert.Single((await host.GetAsync($"{host.Group("rg")}/providers/{type}", version))["value"]!.AsArray());
        await host.DoAsync(HttpMethod.Delete, id, version);
        Assert.Equal(204, (int)(await host.SendAsync(HttpMethod.Delete, id, version)).StatusCode);
        await host.AssertRefusedAsync(404, "ResourceNotFound", HttpMethod.Get, id, version);
    }
}
