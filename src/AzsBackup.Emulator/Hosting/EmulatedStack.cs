using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Control;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Emulator.Estates;
using AzsBackup.Emulator.Faults;
using AzsBackup.Emulator.Identity;
using AzsBackup.Emulator.Pages;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AzsBackup.Emulator.Hosting;

/// <summary>
/// A server on loopback that speaks a stamp's ARM, token and blob protocols. Dispose it to end it; its bytes go with it unless a
/// state directory was given, and even then its resources do not survive it.
/// </summary>
public sealed class EmulatedStack : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly PageStore _pages;
    private readonly TokenSigner _signer;
    private readonly BicepCli _bicep;
    private readonly X509Certificate2 _certificate;
    private readonly AdjustableClock _clock;
    private readonly RequestJournal _journal;
    private readonly string? _temporary;
    private int _isDisposed;

    private EmulatedStack(Parts parts, ServicePrincipal principal, StackState state)
    {
        (_server, _pages, _signer, _bicep, _certificate, _clock, _journal, _temporary) =
            (parts.Server, parts.Pages, parts.Signer, parts.Bicep, parts.Certificate, parts.Clock, parts.Journal, parts.Temporary);
        ArmEndpoint = parts.ArmEndpoint;
        ControlEndpoint = parts.ControlEndpoint;
        BlobEndpoint = state.BlobEndpoint;
        CaCertificatePath = parts.CaCertificatePath;
        Identity = state.Options.Identity;
        Location = state.Location;
        TenantId = state.TenantId;
        SubscriptionId = state.SubscriptionId;
        ClientId = principal.ClientId;
        ClientSecret = principal.Secret;
    }

    /// <summary>The tenant ARM endpoint: https on 127.0.0.1, with a trailing slash.</summary>
    public Uri ArmEndpoint { get; }

    /// <summary>The control endpoint: http on 127.0.0.1, with a trailing slash.</summary>
    public Uri ControlEndpoint { get; }

    /// <summary>Where blobs are served in path style, with a trailing slash; http with <see cref="EmulatedStackOptions.PlainBlob"/>.</summary>
    public Uri BlobEndpoint { get; }

    /// <summary>The certificate, in PEM, of the authority that issued the server's.</summary>
    public string CaCertificatePath { get; }

    /// <summary>The server's certificate, for a benchmark's reference to use the same.</summary>
    internal X509Certificate2 Certificate => _certificate;

    /// <summary>Who signs the tokens.</summary>
    public StackIdentityProvider Identity { get; }

    /// <summary>The tenant's id.</summary>
    public string TenantId { get; }

    /// <summary>The service principal's application id.</summary>
    public string ClientId { get; }

    /// <summary>The service principal's secret.</summary>
    public string ClientSecret { get; }

    /// <summary>The one subscription.</summary>
    public string SubscriptionId { get; }

    /// <summary>The one location: the region.</summary>
    public string Location { get; }

    /// <summary>The last requests served on the public ports, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> RecentRequests => _journal.Recent();

    /// <summary>Starts a stack and loads its estate.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Cancels the start; the running stack is ended by disposing it.</param>
    /// <exception cref="EstateException">The estate, or an image it names, is not usable.</exception>
    /// <exception cref="IOException">A port is taken, or the state directory cannot be written.</exception>
    public static async Task<EmulatedStack> StartAsync(EmulatedStackOptions options, CancellationToken cancellationToken)
    {
        string? temporary = options.StateDirectory is null ? Directory.CreateTempSubdirectory("emulated-stack-").FullName : null;
        string directory = Directory.CreateDirectory(options.StateDirectory ?? temporary!).FullName;
        AdjustableClock clock = new(options.Clock ?? TimeProvider.System);
        IdSource ids = new(options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        PageStore pages = new(Path.Combine(directory, "pages"));
        TokenSigner signer = new();
        BicepCli bicep = new(BicepLocator.Find(options.BicepPath));
        WebApplication? server = null;
        try
        {
            BlobService blobs = new(pages, Path.Combine(directory, "blobs"), new BlobServiceOptions(), clock);
            StackState state = new(options, clock, ids, pages, blobs);
            RoomRegistry rooms = new(state);
            ArmEngine arm = new(state, rooms, bicep);
            ServicePrincipal principal = new(ids.NewId(), ids.NewId(), RandomNumberGenerator.GetHexString(40, lowercase: true), options.ClientCertificate);
            IdentityService identity = new(options, state, principal, signer);
            FaultPlan faults = new(new FaultReader(options.Seed ?? 0, ["Token", "Metadata", .. blobs.OperationNames]));
            RequestJournal journal = new();
            FrontDoor door = new(state, arm, identity, faults, journal);
            ControlService control = new(state, rooms.Disks, faults, journal, clock);
            if (options.FaultsFile is { } file)
                AddFaults(faults, file);

            (string authority, X509Certificate2 certificate) = StackCertificates.Create($"{options.Region}.{options.Domain}");
            string authorityPath = Path.Combine(directory, "ca.pem");
            await File.WriteAllTextAsync(authorityPath, authority, cancellationToken);

            List<ListenOptions> ports = [];
            server = Build(options, certificate, ports, door, control);
            await server.StartAsync(cancellationToken);
            Uri armEndpoint = new($"https://127.0.0.1:{ports[0].IPEndPoint!.Port}/");
            Uri controlEndpoint = new($"http://127.0.0.1:{ports[1].IPEndPoint!.Port}/");
            state.BlobEndpoint = options.PlainBlob ? new Uri($"http://127.0.0.1:{ports[2].IPEndPoint!.Port}/") : armEndpoint;
            identity.Endpoint = armEndpoint;
            new EstateLoader(state, arm, rooms.Disks).Load(options.Estate, options.DiskContent, cancellationToken);
            Parts parts = new(server, pages, signer, bicep, certificate, clock, journal, temporary, armEndpoint, controlEndpoint, authorityPath);
            return new EmulatedStack(parts, principal, state);
        }
        catch
        {
            if (server is not null)
                await server.DisposeAsync();
            signer.Dispose();
            bicep.Dispose();
            pages.Dispose();
            if (temporary is not null)
                Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>Moves the stack's clock forward, or back: tokens, SAS and operations follow it.</summary>
    public void AdvanceClock(TimeSpan time) => _clock.Advance(time);

    /// <summary>Completes when the process is asked to end, or <paramref name="cancellationToken"/> is cancelled.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _server.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        using (CancellationTokenSource atOnce = new(TimeSpan.FromSeconds(1)))
        {
            await _server.StopAsync(atOnce.Token);
        }

        await _server.DisposeAsync();
        _signer.Dispose();
        _bicep.Dispose();
        _certificate.Dispose();
        _pages.Dispose();
        if (_temporary is not null && Directory.Exists(_temporary))
            Directory.Delete(_temporary, recursive: true);
    }

    private static void AddFaults(FaultPlan faults, string file)
    {
        try
        {
            faults.Add(ArmJson.Parse(File.ReadAllText(file)));
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The faults file '{file}' is no JSON: {exception.Message}", exception);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"The faults file '{file}' can't be used:{Environment.NewLine}{exception.Message}", exception);
        }
    }

    private static WebApplication Build(EmulatedStackOptions options, X509Certificate2 certificate, List<ListenOptions> ports, FrontDoor door, ControlService control)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            void Listen(int port, Action<ListenOptions> configure) => kestrel.Listen(IPAddress.Loopback, port, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                configure(listener);
                ports.Add(listener);
            });
            Listen(options.Port, listener => listener.UseHttps(certificate));
            Listen(options.ControlPort, _ => { });
            if (options.PlainBlob)
                Listen(0, _ => { });
        });
        WebApplication server = builder.Build();
        server.Run(context => context.Connection.LocalPort == ports[1].IPEndPoint!.Port ? control.HandleAsync(context) : door.HandleAsync(context));
        return server;
    }

    private sealed record Parts(
        WebApplication Server, PageStore Pages, TokenSigner Signer, BicepCli Bicep, X509Certificate2 Certificate, AdjustableClock Clock,
        RequestJournal Journal, string? Temporary, Uri ArmEndpoint, Uri ControlEndpoint, string CaCertificatePath);
}
