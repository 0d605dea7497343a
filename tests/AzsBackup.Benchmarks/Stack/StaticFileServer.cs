using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.FileProviders;

namespace AzsBackup.Benchmarks.Stack;

/// <summary>The reference: a folder served by Kestrel and its static-file middleware, ranges included, and nothing else.</summary>
internal sealed class StaticFileServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private StaticFileServer(WebApplication application, Uri secure, Uri plain)
    {
        _application = application;
        Secure = secure;
        Plain = plain;
    }

    public Uri Secure { get; }

    public Uri Plain { get; }

    public static async Task<StaticFileServer> StartAsync(string folder, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        List<ListenOptions> ports = [];
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (bool secure in (ReadOnlySpan<bool>)[true, false])
            {
                kestrel.Listen(IPAddress.Loopback, 0, listener =>
                {
                    listener.Protocols = HttpProtocols.Http1;
                    if (secure)
                        listener.UseHttps(certificate);
                    ports.Add(listener);
                });
            }
        });
        WebApplication application = builder.Build();
        application.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true });
        await application.StartAsync(cancellationToken);
        return new StaticFileServer(application, new Uri($"https://127.0.0.1:{ports[0].IPEndPoint!.Port}/"), new Uri($"http://127.0.0.1:{ports[1].IPEndPoint!.Port}/"));
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
