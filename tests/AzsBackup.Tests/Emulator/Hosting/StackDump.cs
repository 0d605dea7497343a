using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
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

    /// <param name="host">The stack.</param>
    /// <param name="exports">Disks and snapshots whose bytes are compared, by the SAS they are exported with.</param>
    public static async Task<string> OfAsync(StackHost host, params IReadOnlyList<string> exports)
    {
        StackDump dump = new(host);
        await dump.WriteAsync();
        using HttpClient http = host.CreateClient();
        foreach (string sas in exports)
            await dump.WritePagesAsync(sas, new PageBlobClient(new Uri(sas), Options(http)));
        return dump._text.ToString();
    }

    public static BlobServiceClient Client(StackHost host, HttpClient http, string account, string key)
    {
        return new BlobServiceClient(new Uri(host.Stack.BlobEndpoint, account), new StorageSharedKeyCredential(account, key), Options(http));
    }

    private static BlobClientOptions Options(HttpClient http) =>
        new(BlobClientOptions.ServiceVersion.V2019_07_07) { Transport = new HttpClientTransport(http), Retry = { MaxRetries = 0 } };

    private async Task WriteAsync()
    {
        Line("stack", $"{host.Stack.ArmEndpoint} {host.Stack.ControlEndpoint} {host.Stack.BlobEndpoint} {host.Stack.TenantId} {host.Stack.SubscriptionId} {host.Stack.ClientId} {host.Stack.ClientSecret} {File.ReadAllText(host.Stack.CaCertificatePath)}");
        Dictionary<string, string> versions = await VersionsAsync();
        foreach (JsonNode? group in (JsonArray)(await host.GetAsync(host.Subscription + "/resourceGroups", StackHost.Resources))["value"]!)
        {
            Line("group", group!.ToJsonString());
            JsonNode deployments = await host.GetAsync(group["id"] + "/providers/Microsoft.Resources/deployments", StackHost.Resources);
            foreach (JsonNode? deployment in (JsonArray)deployments["value"]!)
                Line("deployment", deployment!.ToJsonString() + await host.GetAsync(deployment["id"] + "/operations", StackHost.Resources));
        }

        JsonNode locks = await host.GetAsync(host.Subscription + "/providers/Microsoft.Authorization/locks", StackHost.Locks);
        Line("locks", locks.ToJsonString());
        foreach (string type in (string[])["roleAssignments", "roleDefinitions"])
            Line(type, (await host.GetAsync($"{host.Subscription}/providers/Microsoft.Authorization/{type}", "2015-07-01")).ToJsonString());
        Line("principals", (await host.ControlAsync(HttpMethod.Get, "principals")).Body.ToJsonString());
        foreach (JsonNode? listed in (JsonArray)(await host.GetAsync(host.Subscription + "/resources", StackHost.Resources))["value"]!)
        {
            string id = listed!["id"]!.GetValue<string>();
            string type = listed["type"]!.GetValue<string>();
            string expand = type == "Microsoft.Compute/virtualMachines" ? "$expand=instanceView&" : "";
            HttpResponseMessage response = await host.SendUrlAsync(HttpMethod.Get, $"{id}?{expand}api-version={versions[type.ToUpperInvariant()]}");
            Line(id, await response.Content.ReadAsStringAsync(StackHost.Cancel));
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
        Line("service of " + name, Json((await service.GetPropertiesAsync(StackHost.Cancel)).Value));
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

        if (blob.Properties.ETag is null || blob.Properties.ETag == default(ETag))
            return;
        if (blob.Properties.BlobType == BlobType.Page)
        {
            PageBlobClient pages = container.GetPageBlobClient(blob.Name);
            await WritePagesAsync(name, blob.Snapshot is null ? pages : pages.WithSnapshot(blob.Snapshot));
            return;
        }

        using MemoryStream bytes = new();
        await client.DownloadToAsync(bytes, StackHost.Cancel);
        Line(name + " bytes", Convert.ToHexString(SHA256.HashData(bytes.ToArray())));
    }

    private async Task WritePagesAsync(string name, PageBlobClient pages)
    {
        PageRangesInfo ranges = await pages.GetPageRangesAsync(cancellationToken: StackHost.Cancel);
        foreach (HttpRange range in ranges.PageRanges)
        {
            BlobDownloadResult read = await pages.DownloadContentAsync(new BlobDownloadOptions { Range = range }, StackHost.Cancel);
            Line(name + " pages", string.Create(CultureInfo.InvariantCulture, $"{range.Offset}+{range.Length} {Convert.ToHexString(SHA256.HashData(read.Content))}"));
        }
    }

    private static string Json(object value) => JsonSerializer.Serialize(value);

    private void Line(string what, string value) => _text.Append(what).Append(": ").Append(value.ReplaceLineEndings(" ")).Append('\n');
}
