using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Compute;

public sealed class ImageTests
{
    [Fact]
    public async Task Image_OfAGeneralizedMachine_MakesAnotherWithItsBytes()
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string disk = await host.MakeDiskAsync("rg", "golden");
        string data = await host.MakeDiskAsync("rg", "golden-data");
        string id = await scene.MakeMachineAsync("vm", MachineScene.AttachBody(await scene.MakeInterfaceAsync(), disk, $$$$$"""{"lun":5,"createOption":"Attach","managedDisk":{"id":"{{{{{data}}}}}"}}"""));
        string image = host.Id("rg", "Microsoft.Compute/images", "image");
        string body = $$$$$"""{"location":"local","properties":{"sourceVirtualMachine":{"id":"{{{{{id}}}}}"}}}""";
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Post, id + "/generalize", StackHost.Compute);
        await host.DoAsync(HttpMethod.Post, id + "/deallocate", StackHost.Compute);
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Put, image, StackHost.Compute, body);
        await host.DoAsync(HttpMethod.Post, id + "/generalize", StackHost.Compute);
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Post, id + "/start", StackHost.Compute);
        await host.DoAsync(HttpMethod.Put, image, StackHost.Compute, body);
        byte[] footer = (await host.ReadAsync(await host.GrantAsync(disk), 1L << 30, (1L << 30) + 511)).Body;
        await host.DoAsync(HttpMethod.Post, disk + "/endGetAccess", StackHost.Disks);
        await host.DoAsync(HttpMethod.Delete, id, StackHost.Compute);
        await host.DoAsync(HttpMethod.Delete, disk, StackHost.Disks);

        string copy = await scene.MakeMachineAsync("copy", MachineScene.Body(await scene.MakeInterfaceAsync(), $$$$$""" "imageReference":{"id":"{{{{{image}}}}}"},"osDisk":{"createOption":"FromImage"}"""));
        JsonNode profile = (await host.GetAsync(copy, StackHost.Compute))["properties"]!["storageProfile"]!;
        Assert.Equal(("Linux", 1, 5), (profile["osDisk"]!["osType"]!.GetValue<string>(), profile["osDisk"]!["diskSizeGB"]!.GetValue<int>(), profile["dataDisks"]!.AsArray().Single()!["lun"]!.GetValue<int>()));
        await host.DoAsync(HttpMethod.Post, copy + "/deallocate", StackHost.Compute);
        Assert.Equal(footer, (await host.ReadAsync(await host.GrantAsync(profile["osDisk"]!["managedDisk"]!["id"]!.GetValue<string>()), 1L << 30, (1L << 30) + 511)).Body);
        await host.DoAsync(HttpMethod.Delete, image, StackHost.Compute);
    }

    [Fact]
    public async Task Image_OfASnapshot_IsListedAndKeepsItsSource()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string snapshot = await host.MakeSnapshotAsync("rg", "s", await host.MakeDiskAsync("rg", "d"));
        string image = host.Id("rg", "Microsoft.Compute/images", "image");
        await host.AssertRefusedAsync(400, "InvalidParameter", HttpMethod.Put, image, StackHost.Compute, $$$$$"""{"location":"local","properties":{"storageProfile":{"osDisk":{"osType":"Linux","snapshot":{"id":"{{{{{snapshot}}}}}"} } } } }""");
        await host.DoAsync(HttpMethod.Put, image, StackHost.Compute, $$$$$"""{"location":"local","properties":{"storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized","snapshot":{"id":"{{{{{snapshot}}}}}"} } } } }""");
        await host.DoAsync(HttpMethod.Patch, image, StackHost.Compute, """{"tags":{"a":"b"}}""");
        JsonNode listed = (await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/images", StackHost.Compute))["value"]!.AsArray().Single()!;
        Assert.Equal(snapshot, listed["properties"]!["storageProfile"]!["osDisk"]!["snapshot"]!["id"]!.GetValue<string>());
        Assert.Equal("b", listed["tags"]!["a"]!.GetValue<string>());
    }

    [Fact]
    public async Task Capture_OfUnmanagedDisks_CopiesTheBlobAndGivesATemplateThatMakesAnother()
    {
        const string Capture = """{"vhdPrefix":"p","destinationContainerName":"c","overwriteVhds":true}""";
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string account = host.Id("rg", "Microsoft.Storage/storageAccounts", "vhdaccount");
        await host.DoAsync(HttpMethod.Put, account, StackHost.Storage, """{"location":"local","kind":"Storage","sku":{"name":"Standard_LRS"},"properties":{}}""");
        string blobs = (await host.GetAsync(account, StackHost.Storage))["properties"]!["primaryEndpoints"]!["blob"]!.GetValue<string>();
        string unmanaged = MachineScene.Body(await scene.MakeInterfaceAsync()).Replace("""{"createOption":"FromImage"}""", $$$"""{"createOption":"FromImage","name":"os","vhd":{"uri":"{{{blobs}}}vhds/os.vhd"}}""", StringComparison.Ordinal);
        string id = await scene.MakeMachineAsync("vm", unmanaged);
        await host.DoAsync(HttpMethod.Post, id + "/powerOff", StackHost.Compute);
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Post, id + "/capture", StackHost.Compute, Capture);
        await host.DoAsync(HttpMethod.Post, id + "/generalize", StackHost.Compute);
        JsonNode template = (await host.DoAsync(HttpMethod.Post, id + "/capture", StackHost.Compute, Capture))!;
        JsonNode os = template["resources"]![0]!["properties"]!["storageProfile"]!["osDisk"]!;
        Assert.StartsWith(blobs + "system/Microsoft.Compute/Images/c/p-osDisk.", os["image"]!["uri"]!.GetValue<string>(), StringComparison.Ordinal);
        string copy = await scene.MakeMachineAsync("copy", MachineScene.Body(await scene.MakeInterfaceAsync(), $$$""" "osDisk":{{{os.ToJsonString()}}}"""));
        Assert.Equal(30, (await host.GetAsync(copy, StackHost.Compute))["properties"]!["storageProfile"]!["osDisk"]!["diskSizeGB"]!.GetValue<int>());
    }

    [Fact]
    public async Task Marketplace_WalkedFromPublisherToVersion_LeadsToEveryImage()
    {
        await using StackHost host = await StackHost.StartAsync();
        string root = host.Subscription + "/providers/Microsoft.Compute/locations/local/publishers";
        int images = 0, extensions = 0;
        foreach (string publisher in await NamesAsync(host, root))
        {
            string offers = $"{root}/{publisher}/artifacttypes/vmimage/offers";
            foreach (string offer in await NamesAsync(host, offers))
                foreach (string sku in await NamesAsync(host, $"{offers}/{offer}/skus"))
                    foreach (string version in await NamesAsync(host, $"{offers}/{offer}/skus/{sku}/versions"))
                    {
                        images++;
                        Assert.Equal(version, (await host.GetAsync($"{offers}/{offer}/skus/{sku}/versions/{version}", StackHost.Compute))["name"]!.GetValue<string>());
                    }

            string types = $"{root}/{publisher}/artifacttypes/vmextension/types";
            foreach (string type in await NamesAsync(host, types))
                foreach (string version in await NamesAsync(host, $"{types}/{type}/versions"))
                {
                    extensions++;
                    Assert.Equal(version, (await host.GetAsync($"{types}/{type}/versions/{version}", StackHost.Compute))["name"]!.GetValue<string>());
                }
        }

        Assert.True(images >= 11 && extensions >= 5, $"{images} images, {extensions} extensions.");
        await host.AssertRefusedAsync(404, "NotFound", HttpMethod.Get, $"{root}/Canonical/artifacttypes/vmimage/offers/UbuntuServer/skus/18.04-LTS/versions/1.2.3", StackHost.Compute);
        JsonNode newest = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, $"{root}/Canonical/artifacttypes/vmimage/offers/UbuntuServer/skus/18.04-LTS/versions?$top=1&$orderby=name%20desc&api-version={StackHost.Compute}"));
        Assert.Equal("18.04.202306070", newest.AsArray().Single()!["name"]!.GetValue<string>());
    }

    private static async Task<List<string>> NamesAsync(StackHost host, string path) =>
        [.. (await host.GetAsync(path, StackHost.Compute)).AsArray().Select(entry => entry!["name"]!.GetValue<string>())];
}
