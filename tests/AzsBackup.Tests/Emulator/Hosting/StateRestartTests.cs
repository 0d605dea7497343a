using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Hosting;

public sealed class StateRestartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("azsbackup-state-").FullName;

    private EmulatedStackOptions Options => new() { StateDirectory = _directory, Estate = "sample" };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Restart_SampleEstateAndAMixOfChanges_ShowsTheSame()
    {
        string before;
        string[] exports;
        await using (StackHost host = await StartAsync())
        {
            exports = await ChangeAsync(host);
            before = await StackDump.OfAsync(host, exports);
        }

        for (int i = 0; i < 2; i++)
        {
            await using StackHost again = await StartAsync();
            Assert.Equal(before, await StackDump.OfAsync(again, exports));
        }
    }

    [Fact]
    public async Task Restart_TokenOfBefore_IsAccepted()
    {
        HttpClient client;
        using HttpRequestMessage first = new();
        await using (StackHost host = await StartAsync())
        {
            client = host.CreateClient();
            string token = (await StackHost.JsonAsync(await host.TokenAsync(host.Stack.ClientSecret)))["access_token"]!.GetValue<string>();
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            client.BaseAddress = host.Stack.ArmEndpoint;
        }

        await using StackHost again = await StartAsync();
        Assert.Equal(client.BaseAddress, again.Stack.ArmEndpoint);
        HttpResponseMessage answer = await client.GetAsync(new Uri($"{again.Subscription}/resourceGroups?api-version={StackHost.Resources}", UriKind.Relative), StackHost.Cancel);
        Assert.True(answer.IsSuccessStatusCode);
        client.Dispose();
    }

    [Fact]
    public async Task Restart_OperationsUnderWay_GoOn()
    {
        string disk, doomed, snapshot, group;
        string[] polls;
        await using (StackHost host = await StackHost.StartAsync(Options with { Estate = null, OperationDuration = TimeSpan.FromMinutes(1) }))
        {
            await host.SendAsync(HttpMethod.Put, group = host.Group("rg"), StackHost.Resources, """{"location":"local"}""");
            await host.SendAsync(HttpMethod.Put, host.Group("going"), StackHost.Resources, """{"location":"local"}""");
            disk = await MakeDiskAsync(host, "d1");
            doomed = await MakeDiskAsync(host, "d2");
            snapshot = host.Id("rg", "Microsoft.Compute/snapshots", "s1");
            await host.SendAsync(HttpMethod.Put, snapshot, StackHost.Disks, $$$$$"""{"location":"local","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{disk}}}}}"}}}""");
            host.Stack.AdvanceClock(TimeSpan.FromMinutes(2));
            polls =
            [
                await PollAsync(host.SendAsync(HttpMethod.Put, disk, StackHost.Disks, """{"location":"local","properties":{"diskSizeGB":2,"creationData":{"createOption":"Empty"}}}""")),
                await PollAsync(host.SendAsync(HttpMethod.Delete, doomed, StackHost.Disks)),
                await PollAsync(host.SendAsync(HttpMethod.Post, snapshot + "/beginGetAccess", StackHost.Disks, """{"access":"Read","durationInSeconds":3600}""")),
                await PollAsync(host.SendAsync(HttpMethod.Delete, host.Group("going"), StackHost.Resources)),
            ];
            Assert.Equal("Updating", (await host.GetAsync(disk, StackHost.Disks))["properties"]!["provisioningState"]!.GetValue<string>());
        }

        await using StackHost again = await StackHost.StartAsync(Options with { Estate = null });
        foreach (string poll in polls)
            Assert.Equal(202, (int)(await again.SendUrlAsync(HttpMethod.Get, poll)).StatusCode);
        again.Stack.AdvanceClock(TimeSpan.FromMinutes(2));
        foreach (string poll in polls)
            Assert.True((await again.SendUrlAsync(HttpMethod.Get, poll)).IsSuccessStatusCode);
        JsonNode properties = (await again.GetAsync(disk, StackHost.Disks))["properties"]!;
        Assert.Equal(("Succeeded", 2), (properties["provisioningState"]!.GetValue<string>(), properties["diskSizeGB"]!.GetValue<int>()));
        Assert.Equal(404, (int)(await again.SendAsync(HttpMethod.Get, doomed, StackHost.Disks)).StatusCode);
        Assert.Equal(404, (int)(await again.SendAsync(HttpMethod.Get, again.Group("going"), StackHost.Resources)).StatusCode);
        string sas = (await StackHost.JsonAsync(await again.SendUrlAsync(HttpMethod.Get, polls[2])))["accessSAS"]!.GetValue<string>();
        Assert.Equal(206, (await again.ReadAsync(sas, 0, 511)).Status);
    }

    [Theory]
    [InlineData("deallocate", "PowerState/deallocating", "PowerState/deallocated")]
    [InlineData("start", "PowerState/starting", "PowerState/running")]
    public async Task Restart_MachineOnItsWay_Arrives(string action, string meanwhile, string then)
    {
        string machine, poll;
        await using (StackHost host = await StackHost.StartAsync(Options with { OperationDuration = TimeSpan.FromMinutes(1) }))
        {
            machine = (await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/virtualMachines", StackHost.Compute))["value"]![0]!["id"]!.GetValue<string>();
            poll = await PollAsync(host.SendAsync(HttpMethod.Post, $"{machine}/{action}", StackHost.Compute));
        }

        await using (StackHost host = await StackHost.StartAsync(Options))
        {
            Assert.Equal(meanwhile, await PowerAsync(host, machine));
            host.Stack.AdvanceClock(TimeSpan.FromMinutes(2));
            Assert.Contains((int)(await host.SendUrlAsync(HttpMethod.Get, poll)).StatusCode, (int[])[200, 204]);
            Assert.Equal(then, await PowerAsync(host, machine));
        }

        await using StackHost again = await StackHost.StartAsync(Options);
        Assert.Equal(then, await PowerAsync(again, machine));
    }

    [Fact]
    public async Task Restart_MachineWhoseOperationFailed_Settles()
    {
        string machine;
        await using (StackHost host = await StackHost.StartAsync(Options))
        {
            machine = (await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/virtualMachines", StackHost.Compute))["value"]![0]!["id"]!.GetValue<string>();
            await host.AddFaultsAsync("""{"operation":"Microsoft.Compute/virtualMachines/deallocate/action","operationResult":"fail"}""");
            await host.SendAsync(HttpMethod.Post, machine + "/deallocate", StackHost.Compute);
            host.Stack.AdvanceClock(TimeSpan.FromMinutes(1));
            Assert.Equal("PowerState/deallocating", await PowerAsync(host, machine));
        }

        await using StackHost again = await StackHost.StartAsync(Options);
        Assert.Equal("PowerState/deallocated", await PowerAsync(again, machine));
    }

    [Fact]
    public async Task Restart_AnotherPort_MovesAddressesGivenOut()
    {
        string snapshot, sas;
        Uri before;
        await using (StackHost host = await StackHost.StartAsync(Options with { Estate = null }))
        {
            await host.MakeGroupAsync("rg");
            snapshot = await host.MakeSnapshotAsync("rg", "s1", await host.MakeDiskAsync("rg", "d1"));
            sas = await host.GrantAsync(snapshot, 3600);
            before = host.Stack.ArmEndpoint;
        }

        await using StackHost other = await StackHost.StartAsync();
        EmulatedStackOptions moved = Options with { Estate = null, Port = FreePort() };
        await using StackHost again = await StackHost.StartAsync(moved);
        Assert.NotEqual(before, again.Stack.ArmEndpoint);
        Assert.Equal(new Uri(again.Stack.ArmEndpoint, new Uri(sas).PathAndQuery).AbsoluteUri, await again.GrantAsync(snapshot, 3600));
    }

    [Fact]
    public async Task Start_StateInUse_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync(Options with { Estate = null });
        IOException refusal = await Assert.ThrowsAnyAsync<IOException>(() => EmulatedStack.StartAsync(Options, StackHost.Cancel));
        Assert.Contains("in use by another emulated stack", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KnownPortTaken_SaysSo()
    {
        int port;
        await using (StackHost host = await StackHost.StartAsync(Options with { Estate = null }))
            port = host.Stack.ArmEndpoint.Port;
        using System.Net.Sockets.TcpListener taker = new(System.Net.IPAddress.Loopback, port);
        taker.Start();
        IOException refusal = await Assert.ThrowsAnyAsync<IOException>(() => EmulatedStack.StartAsync(Options, StackHost.Cancel));
        Assert.Contains("--port", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AnotherRegion_IsRefused()
    {
        await using (await StackHost.StartAsync(Options with { Estate = null }))
        {
        }

        FormatException refusal = await Assert.ThrowsAsync<FormatException>(() => EmulatedStack.StartAsync(Options with { Region = "east" }, StackHost.Cancel));
        Assert.Contains("'local'", refusal.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener taker = new(System.Net.IPAddress.Loopback, 0);
        taker.Start();
        return ((System.Net.IPEndPoint)taker.LocalEndpoint).Port;
    }

    private static async Task<string> PollAsync(Task<HttpResponseMessage> sent)
    {
        HttpResponseMessage answer = await sent;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(StackHost.Cancel));
        return answer.Headers.Location!.AbsoluteUri;
    }

    private static async Task<string> MakeDiskAsync(StackHost host, string name)
    {
        string id = host.Id("rg", "Microsoft.Compute/disks", name);
        await host.SendAsync(HttpMethod.Put, id, StackHost.Disks, """{"location":"local","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}}""");
        return id;
    }

    /// <summary>The clock stands where clients have theirs, for requests signed with an account key.</summary>
    private async Task<StackHost> StartAsync()
    {
        StackHost host = await StackHost.StartAsync(Options);
        TimeSpan behind = TimeProvider.System.GetUtcNow() - host.Now;
        if (behind > TimeSpan.FromMinutes(5))
            host.Stack.AdvanceClock(behind);
        await host.SignInAsync();
        return host;
    }

    /// <summary>Something of everything; gives the SAS of a snapshot and of a disk.</summary>
    private static async Task<string[]> ChangeAsync(StackHost host)
    {
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        string snapshot = await host.MakeSnapshotAsync("rg", "s1", disk);
        string copy = host.Id("rg", "Microsoft.Compute/disks", "d2");
        await host.DoAsync(HttpMethod.Put, copy, StackHost.Disks, $$$$$"""{"location":"local","tags":{"a":"ü"},"properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{snapshot}}}}}"}}}""");
        await host.DoAsync(HttpMethod.Delete, await host.MakeDiskAsync("rg", "gone"), StackHost.Disks);
        foreach (JsonNode? machine in (JsonArray)(await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/virtualMachines", StackHost.Compute))["value"]!)
            await host.DoAsync(HttpMethod.Post, machine!["id"] + "/deallocate", StackHost.Compute);
        await host.DoAsync(HttpMethod.Put, host.Group("rg") + "/providers/Microsoft.Authorization/locks/keep", StackHost.Locks, """{"properties":{"level":"CanNotDelete","notes":"ours"}}""");
        await host.ControlAsync(HttpMethod.Post, "principals", $$"""{"kind":"user","name":"kim","role":"Reader","scope":"{{host.Group("rg")}}"}""");
        string account = host.Id("rg", "Microsoft.Storage/storageAccounts", "restarts1");
        await host.DoAsync(HttpMethod.Put, account, StackHost.Storage, """{"location":"local","sku":{"name":"Standard_LRS"},"kind":"Storage"}""");
        await host.DoAsync(HttpMethod.Post, account + "/regenerateKey", StackHost.Storage, """{"keyName":"key1"}""");
        JsonNode keys = await StackHost.JsonAsync(await host.SendAsync(HttpMethod.Post, account + "/listKeys", StackHost.Storage));
        using HttpClient http = host.CreateClient();
        BlobServiceClient service = StackDump.Client(host, http, "restarts1", keys["keys"]![0]!["value"]!.GetValue<string>());
        await ChangeBlobsAsync(service);
        return [await host.GrantAsync(snapshot, 36000), await host.GrantAsync(copy, 36000)];
    }

    private static async Task ChangeBlobsAsync(BlobServiceClient service)
    {
        CancellationToken cancel = StackHost.Cancel;
        BlobContainerClient container = service.GetBlobContainerClient("things");
        await container.CreateAsync(PublicAccessType.Blob, new Dictionary<string, string> { ["Who"] = "we" }, cancel);
        await container.SetAccessPolicyAsync(PublicAccessType.None,
            [new BlobSignedIdentifier { Id = "p", AccessPolicy = new BlobAccessPolicy { PolicyExpiresOn = StackHost.Start.AddYears(2), Permissions = "r" } }], cancellationToken: cancel);
        await service.GetBlobContainerClient("gone").CreateAsync(cancellationToken: cancel);
        await service.GetBlobContainerClient("gone").GetBlobClient("x").UploadAsync(BinaryData.FromString("x"), cancel);
        await service.GetBlobContainerClient("gone").DeleteAsync(cancellationToken: cancel);

        PageBlobClient pages = container.GetPageBlobClient("a disk.vhd");
        await pages.CreateAsync(1 << 20, 7, cancellationToken: cancel);
        await pages.UploadPagesAsync(Bytes(8192, 1), 4096, cancellationToken: cancel);
        await pages.CreateSnapshotAsync(cancellationToken: cancel);
        await pages.UploadPagesAsync(Bytes(512, 2), 8192, cancellationToken: cancel);
        await pages.ClearPagesAsync(new global::Azure.HttpRange(4096, 512), cancellationToken: cancel);
        await pages.CreateSnapshotAsync(new Dictionary<string, string> { ["Of"] = "mine" }, cancellationToken: cancel);
        await pages.ResizeAsync(1 << 19, cancellationToken: cancel);
        await pages.GetBlobLeaseClient(Guid.NewGuid().ToString()).AcquireAsync(TimeSpan.FromSeconds(-1), cancellationToken: cancel);

        BlockBlobClient blocks = container.GetBlockBlobClient("dir/text");
        await blocks.StageBlockAsync("AAAA", Bytes(1000, 3), cancellationToken: cancel);
        await blocks.StageBlockAsync("AAAB", Bytes(2000, 4), cancellationToken: cancel);
        await blocks.CommitBlockListAsync(["AAAB", "AAAA"], new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/plain" } }, cancel);
        await blocks.CreateSnapshotAsync(cancellationToken: cancel);
        await blocks.StageBlockAsync("AAAC", Bytes(10, 5), cancellationToken: cancel);
        await container.GetBlockBlobClient("only blocks").StageBlockAsync("BBBB", Bytes(10, 6), cancellationToken: cancel);
        await container.GetBlobClient("whole").UploadAsync(BinaryData.FromString("whole"), cancel);
        await container.GetBlobClient("whole").SetHttpHeadersAsync(new BlobHttpHeaders { CacheControl = "no-store" }, cancellationToken: cancel);
        AppendBlobClient log = container.GetAppendBlobClient("log");
        await log.CreateAsync(cancellationToken: cancel);
        await log.AppendBlockAsync(Bytes(100, 7), cancellationToken: cancel);
        await log.CreateSnapshotAsync(cancellationToken: cancel);
        await log.AppendBlockAsync(Bytes(200, 8), cancellationToken: cancel);
        BlobServiceProperties properties = await service.GetPropertiesAsync(cancel);
        properties.Logging.Read = true;
        properties.DefaultServiceVersion = "2018-11-09";
        properties.Cors = [new BlobCorsRule { AllowedOrigins = "https://a.example,https://b.example", AllowedMethods = "GET,PUT", AllowedHeaders = "x-ms-*", ExposedHeaders = "*", MaxAgeInSeconds = 60 }];
        await service.SetPropertiesAsync(properties, cancel);
        await container.GetPageBlobClient("copy").StartCopyFromUriAsync(pages.Uri, cancellationToken: cancel);
        await container.GetBlobClient("deleted").UploadAsync(BinaryData.FromString("x"), cancel);
        await container.GetBlobClient("deleted").DeleteAsync(cancellationToken: cancel);
    }

    private static async Task<string> PowerAsync(StackHost host, string machine) =>
        ((JsonArray)(await host.GetAsync(machine + "/instanceView", StackHost.Compute))["statuses"]!).Select(status => status!["code"]!.GetValue<string>()).Single(code => code.StartsWith("PowerState/", StringComparison.Ordinal));

    private static MemoryStream Bytes(int count, byte value)
    {
        byte[] bytes = new byte[count];
        bytes.AsSpan().Fill(value);
        return new MemoryStream(bytes);
    }
}
