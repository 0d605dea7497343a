using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Pages;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AzsBackup.Tests.Emulator.Blobs;

/// <summary>A blob service behind a small server of its own, without TLS, and Azure's own client for it.</summary>
internal sealed class BlobServiceHost : IAsyncDisposable
{
    public const string Account = "tenant1";

    private readonly WebApplication _application;
    private readonly PageStore _pages;

    private BlobServiceHost(WebApplication application, PageStore pages, BlobService service, string directory, byte[] key)
    {
        _application = application;
        _pages = pages;
        Service = service;
        Directory = directory;
        Key = key;
        Root = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
    }

    public BlobService Service { get; }

    public PageStore Pages => _pages;

    public MovableClock Clock { get; private init; } = new();

    public string Directory { get; }

    public byte[] Key { get; }

    public Uri Root { get; }

    public HttpClient Http { get; } = new();

    public static async Task<BlobServiceHost> StartAsync(BlobServiceOptions? options = null, TimeProvider? time = null)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("azsbackup-blobs-").FullName;
        var pages = new PageStore(Path.Combine(directory, "pages"));
        BlobServiceHost? host = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.Run(context =>
        {
            if (context.Request.Host.Host.Split('.') is [var label, "blob", ..])
                return host!.Service.HandleAsync(context, label, context.Request.Path);
            var path = context.Request.Path.Value!;
            var slash = path.IndexOf('/', 1);
            var account = slash < 0 ? path[1..] : path[1..slash];
            return host!.Service.HandleAsync(context, account, slash < 0 ? new PathString("/") : new PathString(path[slash..]));
        });
        await application.StartAsync();
        var clock = new MovableClock();
        var key = RandomNumberGenerator.GetBytes(64);
        var service = new BlobService(pages, Path.Combine(directory, "blocks"), options ?? new BlobServiceOptions(), time ?? clock);
        service.AddAccount(Account, [RandomNumberGenerator.GetBytes(64), key]);
        host = new BlobServiceHost(application, pages, service, directory, key) { Clock = clock };
        return host;
    }

    /// <summary>Azure's client with the account key. It does not try again, so that a test sees each refusal once.</summary>
    public BlobServiceClient Client(byte[]? key = null, BlobClientOptions.ServiceVersion version = BlobClientOptions.ServiceVersion.V2019_07_07) =>
        new(new Uri(Root, Account), new StorageSharedKeyCredential(Account, Convert.ToBase64String(key ?? Key)), Options(version));

    /// <summary>The same for the address a stamp gives: the account in the host's name, which only this client resolves.</summary>
    public BlobServiceClient HostStyleClient()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var options = Options();
        options.Transport = new HttpClientTransport(new HttpClient(handler));
        return new BlobServiceClient(new Uri($"http://{Account}.blob.local.azurestack.external:{Root.Port}/"), new StorageSharedKeyCredential(Account, Convert.ToBase64String(Key)), options);
    }

    public static BlobClientOptions Options(BlobClientOptions.ServiceVersion version = BlobClientOptions.ServiceVersion.V2019_07_07) =>
        new(version) { Retry = { MaxRetries = 0, Mode = RetryMode.Fixed } };

    public async Task<BlobContainerClient> ContainerAsync(string name = "things")
    {
        var container = Client().GetBlobContainerClient(name);
        await container.CreateIfNotExistsAsync(PublicAccessType.None);
        return container;
    }

    public async Task<PageBlobClient> PageBlobAsync(long length, string name = "disk.vhd")
    {
        var blob = (await ContainerAsync()).GetPageBlobClient(name);
        await blob.CreateAsync(length);
        return blob;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.DisposeAsync();
        _pages.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
