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
using AzsBackup.Emulator.KeyVault;
using AzsBackup.Emulator.Pages;
using AzsBackup.Emulator.Persistence;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AzsBackup.Emulator.Hosting;

/// <summary>
/// A server on loopback that speaks a stamp's ARM, token and blob protocols. Dispose it to end it; all that it knows goes with it unless a
/// state directory was given.
/// </summary>
public sealed class EmulatedStack : IAsyncDisposable
{
    private readonly Parts _parts;
    private int _isDisposed;

    private EmulatedStack(Parts parts, Principal principal, StackState state)
    {
        _parts = parts;
        ArmEndpoint = parts.ArmEndpoint;
        ControlEndpoint = parts.ControlEndpoint;
        ProxyEndpoint = parts.ProxyEndpoint;
        BlobEndpoint = state.BlobEndpoint;
        CaCertificatePath = parts.CaCertificatePath;
        Identity = state.Options.Identity;
        Location = state.Location;
        TenantId = state.TenantId;
        SubscriptionId = state.SubscriptionId;
        ClientId = principal.SignInName;
        ClientSecret = principal.Secret;
    }

    /// <summary>The tenant ARM endpoint, with a trailing slash: https on 127.0.0.1 or, with a proxy, on the stamp's host name.</summary>
    public Uri ArmEndpoint { get; }

    /// <summary>The control endpoint: http on 127.0.0.1, with a trailing slash.</summary>
    public Uri ControlEndpoint { get; }

    /// <summary>The HTTP proxy by which the stamp's host names are reached: http on 127.0.0.1; <see langword="null"/> without one.</summary>
    public Uri? ProxyEndpoint { get; }

    /// <summary>Where blobs are served in path style, with a trailing slash; http with <see cref="EmulatedStackOptions.PlainBlob"/>.</summary>
    public Uri BlobEndpoint { get; }

    /// <summary>The certificate, in PEM, of the authority that issued the server's.</summary>
    public string CaCertificatePath { get; }

    /// <summary>The server's certificate, for a benchmark's reference to use the same.</summary>
    internal X509Certificate2 Certificate => _parts.Certificate;

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
    public IReadOnlyList<RecordedRequest> RecentRequests => _parts.Journal.Recent();

    /// <summary>How many requests were served on the public ports.</summary>
    public long RequestsServed => _parts.Journal.Total;

    /// <summary>Bytes of blobs and exported disks answered, whether or not the clients took all of them.</summary>
    public long ContentBytesServed => _parts.Journal.ContentBytes;

    /// <summary>Starts a stack and loads its estate.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Cancels the start; the running stack is ended by disposing it.</param>
    /// <exception cref="EstateException">The estate, or an image it names, is not usable.</exception>
    /// <exception cref="IOException">A port is taken, or the state directory cannot be written.</exception>
    public static async Task<EmulatedStack> StartAsync(EmulatedStackOptions options, CancellationToken cancellationToken)
    {
        string? temporary = options.StateDirectory is null ? Directory.CreateTempSubdirectory("emulated-stack-").FullName : null;
        string directory = Directory.CreateDirectory(options.StateDirectory ?? temporary!).FullName;
        StateDatabase? database = null;
        PageStore? pages = null;
        TokenSigner? signer = null;
        BicepCli? bicep = null;
        WebApplication? server = null;
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            database = temporary is null ? StateDatabase.Open(directory) : null;
            StackMemory memory = new(database);
            IdSource ids = new(options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue), memory.Starts);
            memory.Starts++;
            StackIdentity who = memory.Identify(options, ids);
            AdjustableClock clock = new(options.Clock ?? TimeProvider.System, memory.ClockOffset) { Moved = offset => memory.ClockOffset = offset };
            pages = new PageStore(Path.Combine(directory, "pages"), database);
            BlobService blobs = new(pages, Path.Combine(directory, "blobs"), new BlobServiceOptions(), clock, database);
            options = options with { TenantId = who.TenantId, SubscriptionId = who.SubscriptionId };
            StackState state = new(options, clock, ids, pages, blobs, database) { AudienceId = who.AudienceId };
            RoomRegistry rooms = new(state);
            bicep = new BicepCli(BicepLocator.Find(options.BicepPath));
            ArmEngine arm = new(state, rooms, bicep);
            Principal principal = new(PrincipalKind.ServicePrincipal, who.ObjectId, who.ClientId, "Emulated stack's owner", who.ClientSecret, options.ClientCertificate);
            state.Principals.Set(principal);
            signer = new TokenSigner(who.SigningKey);
            SignInNames names = new(options, state);
            DeviceSignIns devices = new(state, names, state.Principals);
            TokenEndpoint tokens = new(state, names, state.Principals, new TokenIssuer(state, names, signer), devices);
            IdentityService identity = new(options, state, names, signer, tokens, devices);
            TokenCheck check = new(state, names, state.Principals, signer);
            FaultPlan faults = new(new FaultReader(options.Seed ?? 0, ["Token", "Metadata", .. VaultService.OperationNames, .. blobs.OperationNames]));
            RequestJournal journal = new();
            FrontDoor door = new(state, arm, identity, check, new VaultService(state, names, check), faults, journal);
            PrincipalControl principals = new(state, arm);
            ControlService control = new(state, rooms.Disks, principals, faults, journal, clock);
            if (options.FaultsFile is { } file)
                AddFaults(faults, file);

            string authorityPath = Path.Combine(directory, "ca.pem");
            await File.WriteAllTextAsync(authorityPath, who.Authority, cancellationToken);
            X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(who.ServerCertificate, null);

            StackPorts? known = memory.Ports;
            StackPorts asked = new(
                options.Port == 0 && known is not null ? known.Https : options.Port,
                options.ControlPort == 0 && known is not null ? known.Control : options.ControlPort,
                known?.PlainBlob ?? 0,
                options.ProxyPort is { } proxy ? (proxy == 0 && known is not null ? known.Proxy : proxy) : known?.Proxy ?? 0);
            List<ListenOptions> listeners = [];
            server = Build(options, asked, certificate, listeners, async context =>
            {
                // Clients that knew the stack before a restart find its port before its state is back.
                await ready.Task;
                await (context.Connection.LocalPort == listeners[1].IPEndPoint!.Port ? control.HandleAsync(context) : door.HandleAsync(context));
            });
            state.Logger = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger<EmulatedStack>();
            await ListenAsync(server, asked, known, directory, cancellationToken);
            StackPorts ports = new(
                listeners[0].IPEndPoint!.Port,
                listeners[1].IPEndPoint!.Port,
                options.PlainBlob ? listeners[^1].IPEndPoint!.Port : known?.PlainBlob ?? 0,
                options.ProxyPort is not null ? listeners[2].IPEndPoint!.Port : known?.Proxy ?? 0);
            Uri direct = new($"https://127.0.0.1:{ports.Https}/");
            Uri armEndpoint = options.ProxyPort is null ? direct : new Uri($"https://management.{state.Domain}/");
            Uri? proxyEndpoint = options.ProxyPort is null ? null : new Uri($"http://127.0.0.1:{ports.Proxy}/");
            Uri controlEndpoint = new($"http://127.0.0.1:{ports.Control}/");
            state.BlobEndpoint = options.PlainBlob ? new Uri($"http://127.0.0.1:{ports.PlainBlob}/") : direct;
            names.Endpoint = options.ProxyPort is null ? armEndpoint : new Uri($"https://{(names.IsAdfs ? "adfs" : "login")}.{state.Domain}/");
            arm.Restore(text => Rehome(text, known, ports));
            using (state.Take())
            {
                if (!memory.IsLoaded)
                {
                    principals.GrantAtStart(principal, options.Role);
                    new EstateLoader(state, arm, rooms.Disks).Load(options.Estate, options.DiskContent, cancellationToken);
                }

                memory.IsLoaded = true;
                memory.Ports = ports;
            }

            pages.RemoveUnclaimed();
            ready.SetResult();
            Parts parts = new(server, database, pages, signer, bicep, certificate, clock, journal, temporary, armEndpoint, controlEndpoint, proxyEndpoint, authorityPath);
            return new EmulatedStack(parts, principal, state);
        }
        catch (Exception exception)
        {
            ready.TrySetException(exception);
            if (server is not null)
                await server.DisposeAsync();
            signer?.Dispose();
            bicep?.Dispose();
            pages?.Dispose();
            database?.Dispose();
            if (temporary is not null)
                Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>Moves the stack's clock forward, or back: tokens, SAS and operations follow it.</summary>
    public void AdvanceClock(TimeSpan time) => _parts.Clock.Advance(time);

    /// <summary>Completes when the process is asked to end, or <paramref name="cancellationToken"/> is cancelled.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _parts.Server.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        using (CancellationTokenSource atOnce = new(TimeSpan.FromSeconds(1)))
        {
            await _parts.Server.StopAsync(atOnce.Token);
        }

        await _parts.Server.DisposeAsync();
        _parts.Signer.Dispose();
        _parts.Bicep.Dispose();
        _parts.Certificate.Dispose();
        _parts.Pages.Dispose();
        _parts.Database?.Dispose();
        if (_parts.Temporary is not null && Directory.Exists(_parts.Temporary))
            Directory.Delete(_parts.Temporary, recursive: true);
    }

    private static void AddFaults(FaultPlan faults, string file)
    {
        try
        {
            faults.Add(ArmJson.ParseStrictly(File.ReadAllText(file)));
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

    private static async Task ListenAsync(WebApplication server, StackPorts asked, StackPorts? known, string directory, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (known is not null && (asked.Https == known.Https || asked.Control == known.Control))
        {
            throw new IOException(
                $"{exception.Message} The clients of the state in '{directory}' know the ports {known.Https} and {known.Control} (control): end what uses them, or give others with --port and --control-port.",
                exception);
        }
    }

    /// <summary>Addresses that were given out before the stack moved to another port lead to the new one; signatures do not cover it.</summary>
    private static string Rehome(string text, StackPorts? before, StackPorts now)
    {
        if (before is null)
            return text;
        string moved = text;
        if (before.Https != now.Https)
            moved = moved.Replace($"https://127.0.0.1:{before.Https}/", $"https://127.0.0.1:{now.Https}/", StringComparison.OrdinalIgnoreCase);
        if (before.PlainBlob != 0 && before.PlainBlob != now.PlainBlob)
            moved = moved.Replace($"http://127.0.0.1:{before.PlainBlob}/", $"http://127.0.0.1:{now.PlainBlob}/", StringComparison.OrdinalIgnoreCase);
        return moved;
    }

    private static WebApplication Build(EmulatedStackOptions options, StackPorts ports, X509Certificate2 certificate, List<ListenOptions> listeners, RequestDelegate handle)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A start that fails is told of by its exception.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
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
                listeners.Add(listener);
            });
            Listen(ports.Https, listener => listener.UseHttps(certificate));
            Listen(ports.Control, _ => { });
            if (options.ProxyPort is not null)
            {
                NameProxy proxy = new($"{options.Region}.{options.Domain}", () => listeners[0].IPEndPoint!.Port);
                Listen(ports.Proxy, listener => listener.Run(proxy.HandleAsync));
            }

            if (options.PlainBlob)
                Listen(ports.PlainBlob, _ => { });
        });
        WebApplication server = builder.Build();
        server.Run(handle);
        return server;
    }

    private sealed record Parts(
        WebApplication Server, StateDatabase? Database, PageStore Pages, TokenSigner Signer, BicepCli Bicep, X509Certificate2 Certificate, AdjustableClock Clock,
        RequestJournal Journal, string? Temporary, Uri ArmEndpoint, Uri ControlEndpoint, Uri? ProxyEndpoint, string CaCertificatePath);
}
