using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AzsBackup.Azure.Connections;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Stacks;
using AzsBackup.Tests.Azure.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

/// <summary>An emulated stack, connected with as a user's process would be, and looked at past it.</summary>
internal sealed partial class EmulatedStackClient : IAsyncDisposable
{
    private readonly HttpClient _control;

    private EmulatedStackClient(EmulatedStack emulated, IStack stack)
    {
        Emulated = emulated;
        Stack = stack;
        _control = new HttpClient { BaseAddress = emulated.ControlEndpoint };
    }

    public EmulatedStack Emulated { get; }

    public IStack Stack { get; }

    public string Subscription => Emulated.SubscriptionId;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<EmulatedStackClient> StartAsync(EmulatedStackOptions options)
    {
        var emulated = await EmulatedStack.StartAsync(options with { OperationDuration = TimeSpan.Zero }, Ct);
        var connector = new StackConnector(new InstantTimeProvider(), new Random(1));
        var signIn = new StackSignIn
        {
            ArmEndpoint = emulated.ArmEndpoint,
            TenantId = emulated.TenantId,
            CaCertificatePath = emulated.CaCertificatePath,
            Credential = new ClientSecretSignIn(emulated.ClientId, FakeStack.Secure(emulated.ClientSecret)),
        };
        return new EmulatedStackClient(emulated, await connector.ConnectAsync(signIn, new SilentRunLog(), Ct));
    }

    public ResourceId Id(string group, string type, string name) => ResourceId.Create(Subscription, group, type, name);

    public async Task<string> HashAsync(string disk) =>
        (await _control.GetFromJsonAsync<JsonElement>("disks/hash?disk=" + Uri.EscapeDataString(disk), Ct)).GetProperty("sha256").GetString()!;

    /// <summary>Every resource there is, as text: id and body, without what only tells of a change.</summary>
    public async Task<SortedDictionary<string, string>> DumpAsync()
    {
        var all = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var listed = Stack.Resources.ListAsync($"/subscriptions/{Subscription}/resources", "Microsoft.Resources/resources", Ct);
        await foreach (var item in listed) all[item.Id.ToString()] = Etag().Replace((await Stack.Resources.GetAsync(item.Id, Ct)).Json.GetRawText(), "");
        var groups = Stack.Resources.ListAsync($"/subscriptions/{Subscription}/resourceGroups", "Microsoft.Resources/resourceGroups", Ct);
        await foreach (var group in groups) all[group.Id.ToString()] = "";
        return all;
    }

    [GeneratedRegex(@"""etag"":""W/\\""[^""]*\\"""",?")]
    private static partial Regex Etag();

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        ((IDisposable)Stack).Dispose();
        await Emulated.DisposeAsync();
    }
}
