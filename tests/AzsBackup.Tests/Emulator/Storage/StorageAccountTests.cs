using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Storage;

public sealed class StorageAccountTests
{
    private const string Body = """{"location":"local","kind":"Storage","sku":{"name":"Standard_LRS"},"properties":{}}""";

    [Fact]
    public async Task Import_PageBlobThatAClientWrote_BecomesADisk()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { PlainBlob = true });
        // Azure's client signs with the real time, and the service refuses dates far from its own.
        host.Stack.AdvanceClock(TimeProvider.System.GetUtcNow() - StackHost.Start);
        await host.SignInAsync();
        await host.MakeGroupAsync("rg");
        string account = host.Id("rg", "Microsoft.Storage/storageAccounts", "staging1");
        JsonNode made = (await host.DoAsync(HttpMethod.Put, account, StackHost.Storage, Body))!;
        JsonNode keys = (await host.DoAsync(HttpMethod.Post, account + "/listKeys", StackHost.Storage))!;
        string endpoint = made["properties"]!["primaryEndpoints"]!["blob"]!.GetValue<string>();
        Assert.StartsWith("http://", endpoint, StringComparison.Ordinal);

        string donor = await host.MakeDiskAsync("rg", "donor");
        byte[] footer = (await host.ReadAsync(await host.GrantAsync(donor), 1L << 30, (1L << 30) + 511)).Body;
        StorageSharedKeyCredential key = new("staging1", keys["keys"]![0]!["value"]!.GetValue<string>());
        BlobClientOptions options = new(BlobClientOptions.ServiceVersion.V2019_07_07);
        BlobContainerClient container = new BlobServiceClient(new Uri(endpoint), key, options).GetBlobContainerClient("vhds");
        await container.CreateAsync(cancellationToken: StackHost.Cancel);
        PageBlobClient blob = container.GetPageBlobClient("image.vhd");
        await blob.CreateAsync((1L << 30) + 512, cancellationToken: StackHost.Cancel);
        string disk = host.Id("rg", "Microsoft.Compute/disks", "imported");
        string import = $$$$$"""{"location":"local","properties":{"creationData":{"createOption":"Import","sourceUri":"{{{{{blob.Uri}}}}}","storageAccountId":"{{{{{account}}}}}"}}}""";
        await host.AssertRefusedAsync(400, "InvalidParameter", HttpMethod.Put, disk, StackHost.Disks, import);
        await blob.UploadPagesAsync(new MemoryStream(footer), 1L << 30, cancellationToken: StackHost.Cancel);
        byte[] page = new byte[512];
        Array.Fill(page, (byte)7);
        await blob.UploadPagesAsync(new MemoryStream(page), 4096, cancellationToken: StackHost.Cancel);
        string snapshot = (await blob.CreateSnapshotAsync(cancellationToken: StackHost.Cancel)).Value.Snapshot;
        byte[] later = new byte[512];
        Array.Fill(later, (byte)8);
        await blob.UploadPagesAsync(new MemoryStream(later), 4096, cancellationToken: StackHost.Cancel);
        await host.DoAsync(HttpMethod.Put, disk, StackHost.Disks, import);
        string earlier = host.Id("rg", "Microsoft.Compute/disks", "earlier");
        string importSnapshot = import.Replace(blob.Uri.AbsoluteUri, blob.WithSnapshot(snapshot).Uri.AbsoluteUri, StringComparison.Ordinal);
        await host.DoAsync(HttpMethod.Put, earlier, StackHost.Disks, importSnapshot);
        await host.AssertRefusedAsync(404, "BlobNotFound", HttpMethod.Put, host.Id("rg", "Microsoft.Compute/disks", "never"), StackHost.Disks,
            importSnapshot.Replace(Uri.EscapeDataString(snapshot)[..4], "1999", StringComparison.Ordinal));
        await container.DeleteAsync(cancellationToken: StackHost.Cancel);
        Assert.Equal(later, (await host.ReadAsync(await host.GrantAsync(disk), 4096, 4607)).Body);
        Assert.Equal(page, (await host.ReadAsync(await host.GrantAsync(earlier), 4096, 4607)).Body);
    }

    [Theory]
    [InlineData("""{"location":"local","kind":"StorageV2","sku":{"name":"Standard_LRS"}}""", "acct", "InvalidRequestPropertyValue")]
    [InlineData("""{"location":"local","kind":"Storage","sku":{"name":"Standard_GRS"}}""", "acct", "InvalidRequestPropertyValue")]
    [InlineData("""{"location":"local","kind":"Storage","sku":{"name":"Standard_LRS"}}""", "Not-Good", "AccountNameInvalid")]
    public async Task Account_NotPossibleOnAStamp_IsRefused(string body, string name, string code)
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        await host.AssertRefusedAsync(400, code, HttpMethod.Put, host.Id("rg", "Microsoft.Storage/storageAccounts", name), StackHost.Storage, body);
    }

    [Fact]
    public async Task RegenerateKey_ChangesThatKeyOnly()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string account = host.Id("rg", "Microsoft.Storage/storageAccounts", "acct1");
        await host.DoAsync(HttpMethod.Put, account, StackHost.Storage, Body);
        JsonNode before = (await host.DoAsync(HttpMethod.Post, account + "/listKeys", StackHost.Storage))!;
        JsonNode after = (await host.DoAsync(HttpMethod.Post, account + "/regenerateKey", StackHost.Storage, """{"keyName":"key2"}"""))!;
        Assert.Equal(before["keys"]![0]!["value"]!.GetValue<string>(), after["keys"]![0]!["value"]!.GetValue<string>());
        Assert.NotEqual(before["keys"]![1]!["value"]!.GetValue<string>(), after["keys"]![1]!["value"]!.GetValue<string>());
    }
}
