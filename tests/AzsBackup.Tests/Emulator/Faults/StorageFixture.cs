using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Blobs;
using AzsBackup.Tests.Emulator.Hosting;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace AzsBackup.Tests.Emulator.Faults;

/// <summary>A stack with a storage account, and in it a page blob of 1 MiB to write to by SAS.</summary>
internal sealed class StorageFixture : IAsyncDisposable
{
    private readonly string _sas;

    private StorageFixture(StackHost host, PageBlobClient blob, string sas)
    {
        Host = host;
        Blob = blob;
        _sas = sas;
    }

    public StackHost Host { get; }

    /// <summary>Azure's client with the account's key; it does not try again.</summary>
    public PageBlobClient Blob { get; }

    public static async Task<StorageFixture> StartAsync()
    {
        StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string id = host.Id("rg", "Microsoft.Storage/storageAccounts", BlobServiceHost.Account);
        await host.DoAsync(HttpMethod.Put, id, StackHost.Storage, """{"location":"local","sku":{"name":"Standard_LRS"},"kind":"Storage"}""");
        JsonNode keys = (await host.DoAsync(HttpMethod.Post, id + "/listKeys", StackHost.Storage))!;
        string key = keys["keys"]![0]!["value"]!.GetValue<string>();
        // Azure's client stamps requests with the real time, and the stack's clock stands still elsewhere.
        host.Stack.AdvanceClock(TimeProvider.System.GetUtcNow() - await host.NowAsync());
        await host.SignInAsync();
        BlobClientOptions options = BlobServiceHost.Options();
        options.Transport = new HttpClientTransport(host.CreateClient());
        BlobServiceClient service = new(new Uri(host.Stack.BlobEndpoint, BlobServiceHost.Account), new StorageSharedKeyCredential(BlobServiceHost.Account, key), options);
        BlobContainerClient container = service.GetBlobContainerClient("things");
        await container.CreateAsync(cancellationToken: StackHost.Cancel);
        PageBlobClient blob = container.GetPageBlobClient("disk.vhd");
        await blob.CreateAsync(1 << 20, cancellationToken: StackHost.Cancel);
        string sas = SasText.Service(Convert.FromBase64String(key), "b", "things", "disk.vhd", "rw", (await host.NowAsync()).AddHours(1));
        return new StorageFixture(host, blob, blob.Uri + "?" + sas);
    }

    public async Task<HttpResponseMessage> PutPageAsync(byte[] pages, string? md5 = null)
    {
        using HttpClient client = Host.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Put, _sas + "&comp=page") { Content = new ByteArrayContent(pages) };
        request.Headers.Add("x-ms-page-write", "update");
        request.Headers.Add("x-ms-range", $"bytes=0-{pages.Length - 1}");
        request.Headers.Add("x-ms-version", "2019-07-07");
        if (md5 is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-MD5", md5);
        return await client.SendAsync(request, StackHost.Cancel);
    }

    public async Task<byte[]> ReadAsync(int count) => (await Host.ReadAsync(_sas, 0, count - 1)).Body;

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
