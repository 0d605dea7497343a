using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzsBackup.Tests.Emulator.Hosting;

/// <summary>Everything a tenant can see of a stack, as text, line by line: to be compared before and after a restart.</summary>
internal sealed class StackDump(StackHost host)
{
    private readonly StringBuilder _text = new();

    public static async Task<string> OfAsync(StackHost host)
    {
        StackDump dump = new(host);
        await dump.WriteAsync();
        return dump._text.ToString();
    }

    public static BlobServiceClient Client(StackHost host, HttpClient http, string account, string key)
    {
        BlobClientOptions options = new(BlobClientOptions.ServiceVersion.V2019_07_07) { Transport = new HttpClientTransport(http), Retry = { MaxRetries = 0 } };
        return new BlobServiceClient(new Uri(host.Stack.BlobEndpoint, account), new StorageSharedKeyCredential(account, key), options);
    }

    private async Task WriteAsync()
    {
        Line("stack", $"{host.Stack.ArmEndpoint} {host.Stack.ControlEndpoint} {host.Stack.BlobEndpoint} {host.Stack.TenantId} {host.Stack.SubscriptionId} {host.Stack.ClientId} {host.Stack.ClientSecret} {File.ReadAllText(host.Stack.CaCertificatePath)}");
        Dictionary<string, string> versions = await VersionsAsync();
        foreach (JsonNode? group in (JsonArray)(await host.GetAsync(host.Subscription + "/resourceGroups", StackHost.Resources))["value"]!)
            Line("group", group!.ToJsonString());
        JsonNode locks = await host.GetAsync(host.Subscription + "/providers/Microsoft.Authorization/locks", StackHost.Locks);
        Line("locks", locks.ToJsonString());
        foreach (JsonNode? listed in (JsonArray)(await host.GetAsync(host.Subscription + "/resources", StackHost.Resources))["value"]!)
        {
            string id = listed!["id"]!.GetValue<string>();
            string type = listed["type"]!.GetValue<string>();
            string expand = type == "Microsoft.Compute/virtualMachines" ? "$expand=instanceView&" : "";
            HttpResponseMessage response = await host.SendUrlAsync(HttpMethod.Get, $"{id}?{expand}api-version={versions[type.ToUpperInvariant()]}");
            Line(id, await response.Content.ReadAsStringAsync(StackHost.Cancel));
            if (type is "Microsoft.Compute/disks" or "Microsoft.Compute/snapshots")
                Line("hash of " + id, (await host.ControlAsync(HttpMethod.Get, "disks/hash?disk=" + id)).Body.ToJsonString());
            if (type == "Microsoft.Storage/storageAccounts")
                await WriteAccountAsync(id, listed["name"]!.GetValue<string>());
        }
    }

    private async Task<Dictionary<string, string>> VersionsAsync()
    {
        JsonNode providers = await host.GetAsync(host.Subscription + "/providers", StackHost.Resources);
        return ((JsonArray)providers["value"]!)
            .SelectMany(provider => ((JsonArray)provider!["resourceTypes"]!).Select(type => (
                Name: $"{provider["namespace"]}/{type!["resourceType"]}".ToUpperInvariant(),
                Version: ((JsonArray)type["apiVersions"]!).Select(version => version!.GetValue<string>()).Max(StringComparer.Ordinal)!)))
            .ToDictionary(type => type.Name, type => type.Version);
    }

    private async Task WriteAccountAsync(string id, string name)
    {
        JsonNode keys = await StackHost.JsonAsync(await host.SendAsync(HttpMethod.Post, id + "/listKeys", StackHost.Storage));
        Line("keys of " + name, keys.ToJsonString());
        using HttpClient http = host.CreateClient();
        BlobServiceClient service = Client(host, http, name, keys["keys"]![0]!["value"]!.GetValue<string>());
        await foreach (BlobContainerItem container in service.GetBlobContainersAsync(BlobContainerTraits.Metadata, cancellationToken: StackHost.Cancel))
        {
            Line($"container {name}/{container.Name}", Json(container.Properties));
            BlobContainerClient client = service.GetBlobContainerClient(container.Name);
            Line("its policies", Json((await client.GetAccessPolicyAsync(cancellationToken: StackHost.Cancel)).Value));
            await foreach (BlobItem blob in client.GetBlobsAsync(BlobTraits.All & ~BlobTraits.Tags & ~BlobTraits.ImmutabilityPolicy & ~BlobTraits.LegalHold, BlobStates.Snapshots | BlobStates.Uncommitted, null, StackHost.Cancel))
                await WriteBlobAsync(client, blob);
        }
    }

    private async Task WriteBlobAsync(BlobContainerClient container, BlobItem blob)
    {
        string name = $"blob {container.Name}/{blob.Name} {blob.Snapshot}";
        Line(name, Json(blob.Properties) + Json(blob.Metadata));
        BlobBaseClient client = container.GetBlobBaseClient(blob.Name);
        if (blob.Snapshot is not null)
            client = client.WithSnapshot(blob.Snapshot);
        if (blob.Properties.BlobType == BlobType.Block)
        {
            BlockList blocks = await container.GetBlockBlobClient(blob.Name).GetBlockListAsync(BlockListTypes.All, blob.Snapshot, cancellationToken: StackHost.Cancel);
            Line(name + " blocks", Json(blocks));
        }

        if (blob.Properties.ETag is null || blob.Properties.ETag == default(global::Azure.ETag))
            return;
        using MemoryStream bytes = new();
        await client.DownloadToAsync(bytes, StackHost.Cancel);
        Line(name + " bytes", Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes.ToArray())));
        if (blob.Properties.BlobType != BlobType.Page)
            return;
        PageBlobClient pages = container.GetPageBlobClient(blob.Name);
        if (blob.Snapshot is not null)
            pages = pages.WithSnapshot(blob.Snapshot);
        PageRangesInfo ranges = await pages.GetPageRangesAsync(cancellationToken: StackHost.Cancel);
        Line(name + " ranges", string.Join(' ', ranges.PageRanges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Offset}+{range.Length}"))));
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);

    private void Line(string what, string value) => _text.Append(what).Append(": ").Append(value.ReplaceLineEndings(" ")).Append('\n');
}
