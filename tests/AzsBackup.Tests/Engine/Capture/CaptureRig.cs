using System.Net.Http.Headers;
using System.Text;
using AzsBackup.Azure.Connections;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

/// <summary>An emulated stack, a connection with it whose waits are over at once, and folders for captures.</summary>
internal sealed class CaptureRig : IAsyncDisposable
{
    private readonly HttpClient _control = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capture");

    private CaptureRig(EmulatedStack emulated, IStack stack)
    {
        Emulated = emulated;
        Stack = stack;
        Resources = stack.Resources;
    }

    public EmulatedStack Emulated { get; }

    public IStack Stack { get; }

    /// <summary>What captures read from; the stack's own unless a test puts something before it.</summary>
    public IResourceClient Resources { get; set; }

    public RecordingLog Log { get; } = new();

    public ResourceId Subscription => ResourceId.Parse("/subscriptions/" + Emulated.SubscriptionId);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<CaptureRig> StartAsync(string? estate = "sample", int pageSize = 1000)
    {
        var emulated = await EmulatedStack.StartAsync(new EmulatedStackOptions { Estate = estate, PageSize = pageSize, Seed = 7 }, Ct);
        var signIn = new StackSignIn
        {
            ArmEndpoint = emulated.ArmEndpoint,
            TenantId = emulated.TenantId,
            CaCertificatePath = emulated.CaCertificatePath,
            Credential = new ClientSecretSignIn(emulated.ClientId, FakeStack.Secure(emulated.ClientSecret)),
        };
        return new CaptureRig(emulated, await new StackConnector(new InstantTimeProvider(), new Random(1)).ConnectAsync(signIn, new SilentRunLog(), Ct));
    }

    public string Folder(string name) => Path.Combine(_folder.FullName, name);

    public async Task<List<AzsResourceConfig>> CaptureAsync(string name, int throttle = 4, params ResourceId[] scopes) =>
        await CaptureAsync(CaptureFolder.Open(Folder(name)), throttle, scopes);

    public async Task<List<AzsResourceConfig>> CaptureAsync(ICaptureStore store, int throttle = 4, params ResourceId[] scopes)
    {
        var options = new CaptureOptions { Scopes = scopes.Length == 0 ? [Subscription] : scopes, ThrottleLimit = throttle };
        var results = new List<AzsResourceConfig>();
        await foreach (var result in new ConfigCapture(new SeenStack(Stack, Resources), TimeProvider.System, Log).RunAsync(options, store, Ct)) results.Add(result);
        return results;
    }

    /// <summary>The files of a capture, without its manifest, by path.</summary>
    public IReadOnlyDictionary<string, string> Files(string name) => Directory.GetFiles(Folder(name), "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != CaptureManifest.FileName)
        .ToDictionary(file => Path.GetRelativePath(Folder(name), file).Replace('\\', '/'), File.ReadAllText);

    public CaptureManifest Manifest(string name) => CaptureManifest.Read(File.ReadAllBytes(Path.Combine(Folder(name), CaptureManifest.FileName)), name);

    /// <summary>Adds faults: a JSON array.</summary>
    public async Task FailAsync(string faults)
    {
        using var content = new StringContent(faults, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await _control.PostAsync(new Uri(Emulated.ControlEndpoint, "/faults"), content, Ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        (Stack as IDisposable)?.Dispose();
        await Emulated.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
