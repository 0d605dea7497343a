using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Estates;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Estates;

public sealed class EstateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("estate-tests-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Sample_EveryReference_LeadsToSomethingThere()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        List<JsonNode> bodies = [];
        foreach (JsonNode? item in (await host.GetAsync(host.Subscription + "/resources", StackHost.Resources))["value"]!.AsArray())
            bodies.Add(await host.GetAsync(item!["id"]!.GetValue<string>(), VersionOf(item["type"]!.GetValue<string>())));
        HashSet<string> known = new(bodies.SelectMany(Ids), StringComparer.OrdinalIgnoreCase);
        List<string> dangling = [.. bodies.SelectMany(References).Where(id => !known.Contains(id) && !id.Contains("/Publishers/", StringComparison.OrdinalIgnoreCase))];
        Assert.Empty(dangling);
        Assert.Equal(3, bodies.Count(body => body["type"]!.GetValue<string>() == "Microsoft.Compute/virtualMachines"));
    }

    [Fact]
    public async Task Sample_SecretsThatNoStampReturns_AreNotReturned()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        string vm = host.Id("contoso-app", "Microsoft.Compute/virtualMachines", "app-web-1");
        string text = (await host.GetAsync(vm + "/extensions/configure", StackHost.Compute)).ToJsonString() + (await host.GetAsync(vm, StackHost.Compute)).ToJsonString()
            + (await host.GetAsync(host.Id("contoso-app", "Microsoft.Compute/virtualMachines", "db-1"), StackHost.Compute)).ToJsonString();
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DiskContent_RawImageOfManagedAndUnmanagedDisk_IsWhatIsRead()
    {
        byte[] image = new byte[(3 << 20) + 700];
        new Random(1).NextBytes(image.AsSpan(1 << 20, 5000));
        image[^1] = 9;
        File.WriteAllBytes(Path.Combine(_directory, "disk.img"), image);
        string estate = Path.Combine(_directory, "estate.json");
        await File.WriteAllTextAsync(estate, """
            {"resources":[
              {"id":"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/vhdstore","location":"westus","sku":{"name":"Standard_LRS"},"kind":"Storage","properties":{}},
              {"id":"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/disks/d1","location":"westus","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}},
              {"id":"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v","location":"westus","properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"s","properties":{"addressPrefix":"10.0.0.0/24"}}]}},
              {"id":"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/n","location":"westus","properties":{"ipConfigurations":[{"name":"i","properties":{"subnet":{"id":"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"}}}]}},
              {"id":"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm","location":"westus","properties":{"hardwareProfile":{"vmSize":"Standard_A1"},"storageProfile":{"osDisk":{"createOption":"FromImage","vhd":{"uri":"https://vhdstore.blob.core.windows.net/vhds/os.vhd"}}},"networkProfile":{"networkInterfaces":[{"id":"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/n"}]}}}
            ],"diskContent":{"/subscriptions/{subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/disks/d1":"disk.img","https://vhdstore.blob.core.windows.net/vhds/os.vhd":"disk.img"}}
            """, StackHost.Cancel);
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = estate });
        string disk = host.Id("rg", "Microsoft.Compute/disks", "d1");
        Assert.Equal(4L << 20, (await host.GetAsync(disk, StackHost.Disks))["properties"]!["diskSizeBytes"]!.GetValue<long>());
        (int status, byte[] body) = await host.ReadAsync(await host.GrantAsync(disk), 0, (4 << 20) + 511);
        Assert.Equal((206, (4 << 20) + 512), (status, body.Length));
        Assert.Equal(image, body[..image.Length]);
        string uri = (await host.GetAsync(host.Id("rg", "Microsoft.Compute/virtualMachines", "vm"), StackHost.Compute))["properties"]!["storageProfile"]!["osDisk"]!["vhd"]!["uri"]!.GetValue<string>();
        Assert.StartsWith(host.Stack.ArmEndpoint.AbsoluteUri + "vhdstore/", uri, StringComparison.Ordinal);
        (_, JsonNode hash) = await host.ControlAsync(HttpMethod.Get, "/disks/hash?disk=" + Uri.EscapeDataString(uri));
        Assert.Equal((4L << 20) + 512, hash["length"]!.GetValue<long>());
    }

    [Fact]
    public async Task Replace_ChangedImage_WritesOnlyPagesThatDiffer()
    {
        byte[] image = new byte[8 << 20];
        new Random(2).NextBytes(image.AsSpan(0, 1 << 20));
        string path = Path.Combine(_directory, "guest.img");
        await File.WriteAllBytesAsync(path, image, StackHost.Cancel);
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        string disk = host.Id("contoso-app", "Microsoft.Compute/disks", "app-web-1-data");
        string request = new JsonObject { ["disk"] = disk, ["path"] = path }.ToJsonString();
        (int status, JsonNode first) = await host.ControlAsync(HttpMethod.Post, "/disks/replace", request);
        Assert.Equal((200, 256), (status, first["pagesWritten"]!.GetValue<int>()));
        Assert.Equal(0, (await host.ControlAsync(HttpMethod.Post, "/disks/replace", request)).Body["pagesWritten"]!.GetValue<int>());
        image[5000] ^= 1;
        image[^1] = 1;
        Array.Clear(image, 8192, 4096);
        await File.WriteAllBytesAsync(path, image, StackHost.Cancel);
        Assert.Equal(3, (await host.ControlAsync(HttpMethod.Post, "/disks/replace", request)).Body["pagesWritten"]!.GetValue<int>());
        Assert.Equal(404, (await host.ControlAsync(HttpMethod.Post, "/disks/replace", new JsonObject { ["disk"] = disk + "x", ["path"] = path }.ToJsonString())).Status);
        Assert.Equal(400, (await host.ControlAsync(HttpMethod.Post, "/disks/replace", new JsonObject { ["disk"] = disk, ["path"] = path + ".none" }.ToJsonString())).Status);
    }

    [Fact]
    public async Task DiskContent_VhdWithoutFixedFooter_NamesTheFile()
    {
        string path = Path.Combine(_directory, "no.vhd");
        await File.WriteAllBytesAsync(path, RandomNumberGenerator.GetBytes(8192), StackHost.Cancel);
        EmulatedStackOptions options = new() { Estate = "sample", DiskContent = new Dictionary<string, string> { ["/subscriptions/{subscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/app-web-1-os"] = path } };
        EstateException refusal = await Assert.ThrowsAsync<EstateException>(() => EmulatedStack.StartAsync(options, StackHost.Cancel));
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no VHD footer", refusal.Message, StringComparison.Ordinal);
    }

    private static string VersionOf(string type) => type.Split('/')[0] switch
    {
        "Microsoft.Network" => StackHost.Network,
        "Microsoft.Storage" => StackHost.Storage,
        "Microsoft.KeyVault" => "2019-09-01",
        _ when type is "Microsoft.Compute/disks" => StackHost.Disks,
        _ => StackHost.Compute,
    };

    /// <summary>A body's own id and the ids of its parts: objects that have properties of their own.</summary>
    private static IEnumerable<string> Ids(JsonNode? node) =>
        Objects(node).Where(item => item["id"] is not null && item["properties"] is not null && item["name"] is not null).Select(item => item["id"]!.GetValue<string>());

    private static IEnumerable<string> References(JsonNode? node) =>
        Objects(node).Select(item => item["id"]?.GetValue<string>()).OfType<string>().Where(id => id.StartsWith("/subscriptions/", StringComparison.Ordinal));

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(pair => Objects(pair.Value)).Prepend(map),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };
}
