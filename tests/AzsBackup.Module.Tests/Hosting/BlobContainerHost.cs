using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>The emulated stack's blob service on a port of its own, with a container, for commands that take a URI with a SAS.</summary>
internal sealed class BlobContainerHost : IAsyncDisposable
{
    private const string Account = "vaults";

    private readonly string _directory = Directory.CreateTempSubdirectory("azsbackup-container-").FullName;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(64);
    private readonly PageStore _pages;
    private readonly WebApplication _application;

    private BlobContainerHost()
    {
        _pages = new PageStore(Path.Combine(_directory, "pages"));
        var service = new BlobService(_pages, Path.Combine(_directory, "blocks"), new BlobServiceOptions(), TimeProvider.System);
        service.AddAccount(Account, [_key, _key]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(context => service.HandleAsync(context, Account, new PathString(context.Request.Path.Value![(Account.Length + 1)..])));
    }

    /// <summary>The container without a SAS.</summary>
    public string Container => $"{_application.Urls.First()}/{Account}/backups";

    public static async Task<BlobContainerHost> StartAsync()
    {
        var host = new BlobContainerHost();
        await host._application.StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{host.Signed("rwcdl")}&restype=container");
        request.Headers.Add("x-ms-version", "2019-07-07");
        request.Content = new ByteArrayContent([]);
        (await http.SendAsync(request)).EnsureSuccessStatusCode();
        return host;
    }

    /// <summary>The container's URI with an account SAS.</summary>
    public string Signed(string permissions)
    {
        var expiry = DateTime.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = $"{Account}\n{permissions}\nb\nco\n\n{expiry}\n\n\n2019-07-07\n";
        var signature = Uri.EscapeDataString(Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text))));
        return $"{Container}?sv=2019-07-07&ss=b&srt=co&sp={permissions}&se={Uri.EscapeDataString(expiry)}&sig={signature}";
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _pages.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
