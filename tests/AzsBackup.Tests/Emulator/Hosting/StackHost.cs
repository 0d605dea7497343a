using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Specifications;
using Xunit;

namespace AzsBackup.Tests.Emulator.Hosting;

/// <summary>A stack whose clock stands still until a test moves it, and a client that trusts its authority and nothing else.</summary>
internal sealed class StackHost : IAsyncDisposable
{
    public const string Compute = "2020-06-01";
    public const string Disks = "2019-07-01";
    public const string Network = "2018-11-01";
    public const string Resources = "2019-10-01";
    public const string Storage = "2019-06-01";
    public const string Locks = "2016-09-01";

    /// <summary>The time on every stack's clock when it starts.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _client;
    private string _token = "";

    private StackHost(EmulatedStack stack)
    {
        Stack = stack;
        _client = CreateClient();
        _client.BaseAddress = stack.ArmEndpoint;
    }

    public EmulatedStack Stack { get; }

    /// <summary>The stack's time when it was asked last.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Whether a test fails at the first answer that is not as specified; otherwise at the end of the run.</summary>
    public bool StopsAtViolations { get; set; } = true;

    public string Subscription => "/subscriptions/" + Stack.SubscriptionId;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<StackHost> StartAsync(EmulatedStackOptions? options = null)
    {
        options = (options ?? new EmulatedStackOptions()) with { Clock = new StillClock(), Seed = 7 };
        StackHost host = new(await EmulatedStack.StartAsync(options, Cancel));
        await host.SignInAsync();
        return host;
    }

    /// <summary>A client that trusts the stack's authority and nothing else.</summary>
    public HttpClient CreateClient()
    {
        X509Certificate2 authority = X509Certificate2.CreateFromPem(File.ReadAllText(Stack.CaCertificatePath));
        SocketsHttpHandler handler = new()
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { authority },
                },
            },
        };
        return new HttpClient(handler);
    }

    public string Group(string name) => $"{Subscription}/resourceGroups/{name}";

    public string Id(string group, string type, string name) => $"{Group(group)}/providers/{type}/{name}";

    public async Task<string> AudienceAsync() =>
        (await JsonAsync(await SendUrlAsync(HttpMethod.Get, "/metadata/endpoints?api-version=1.0")))["authentication"]!["audiences"]![0]!.GetValue<string>();

    public async Task SignInAsync()
    {
        HttpResponseMessage response = await TokenAsync(Stack.ClientSecret);
        Now = DateTimeOffset.FromUnixTimeSeconds((await JsonAsync(response))["not_before"]!.GetValue<long>());
        _token = (await JsonAsync(response))["access_token"]!.GetValue<string>();
    }

    public void UseToken(string token) => _token = token;

    public async Task<HttpResponseMessage> TokenAsync(string secret, string? audience = null)
    {
        audience ??= await AudienceAsync();
        string path = Stack.Identity == StackIdentityProvider.Adfs ? "/adfs/oauth2/token" : $"/{Stack.TenantId}/oauth2/v2.0/token";
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Stack.ClientId,
            ["client_secret"] = secret,
            ["scope"] = audience + "/.default",
        });
        return await _client.PostAsync(new Uri(Stack.ArmEndpoint, path), form, Cancel);
    }

    /// <summary>Sends, and fails the test if the answer is not as specified.</summary>
    public async Task<HttpResponseMessage> SendUrlAsync(HttpMethod method, string url, string? body = null, params (string Name, string Value)[] headers)
    {
        HttpResponseMessage response = await SendUncheckedAsync(method, url, body, headers);
        if (StopsAtViolations)
            SpecificationWatch.RequireNoViolation(Stack.ArmEndpoint);
        return response;
    }

    /// <summary>Sends; an answer that is not as specified fails the run, not this test.</summary>
    public async Task<HttpResponseMessage> SendUncheckedAsync(HttpMethod method, string url, string? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, new Uri(Stack.ArmEndpoint, url));
        if (_token.Length > 0 && !url.Contains("sig=", StringComparison.Ordinal))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string id, string version, string? body = null) =>
        SendUrlAsync(method, $"{id}?api-version={version}", body);

    public async Task<JsonNode> GetAsync(string id, string version) => await JsonAsync(await SendAsync(HttpMethod.Get, id, version));

    /// <summary>Sends and, if it is an operation, lets the time pass that it takes; the last answer's body.</summary>
    public async Task<JsonNode?> DoAsync(HttpMethod method, string id, string version, string? body = null)
    {
        HttpResponseMessage response = await SendAsync(method, id, version, body);
        string text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{method} {id}: {(int)response.StatusCode} {text}");
        Stack.AdvanceClock(TimeSpan.FromSeconds(1));
        if (response.Headers.Location is { } location)
        {
            HttpResponseMessage result = await SendUrlAsync(HttpMethod.Get, location.AbsoluteUri);
            text = await result.Content.ReadAsStringAsync(Cancel);
            Assert.True(result.IsSuccessStatusCode, $"{method} {id}: {(int)result.StatusCode} {text}");
        }

        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async Task AssertRefusedAsync(int status, string code, HttpMethod method, string id, string version, string? body = null)
    {
        HttpResponseMessage response = await SendAsync(method, id, version, body);
        string text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Equal((status, code), ((int)response.StatusCode, JsonNode.Parse(text)?["error"]?["code"]?.GetValue<string>()));
    }

    public async Task MakeGroupAsync(string name) => await DoAsync(HttpMethod.Put, Group(name), Resources, """{"location":"local"}""");

    public async Task<string> MakeDiskAsync(string group, string name, int gibibytes = 1)
    {
        string id = Id(group, "Microsoft.Compute/disks", name);
        await DoAsync(HttpMethod.Put, id, Disks, $$$$$"""{"location":"local","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":{{{{{gibibytes}}}}}}}""");
        return id;
    }

    public async Task<string> MakeSnapshotAsync(string group, string name, string source)
    {
        string id = Id(group, "Microsoft.Compute/snapshots", name);
        await DoAsync(HttpMethod.Put, id, Disks, $$$$$"""{"location":"local","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{source}}}}}"}}}""");
        return id;
    }

    public async Task<string> GrantAsync(string id, int seconds = 600) =>
        (await DoAsync(HttpMethod.Post, id + "/beginGetAccess", Disks, $$$$$"""{"access":"Read","durationInSeconds":{{{{{seconds}}}}}}"""))!["accessSAS"]!.GetValue<string>();

    public async Task<(int Status, byte[] Body)> ReadAsync(string sas, long from, long to)
    {
        HttpResponseMessage response = await SendUrlAsync(HttpMethod.Get, sas, null, ("x-ms-range", $"bytes={from}-{to}"), ("x-ms-version", "2019-07-07"));
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    public async Task<(int Status, JsonNode Body)> ControlAsync(HttpMethod method, string path, string? body = null)
    {
        using HttpRequestMessage request = new(method, new Uri(Stack.ControlEndpoint, path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        HttpResponseMessage response = await _client.SendAsync(request, Cancel);
        return ((int)response.StatusCode, await JsonAsync(response));
    }

    /// <summary>Adds faults, each one JSON object.</summary>
    public async Task AddFaultsAsync(params string[] faults)
    {
        (int status, JsonNode answer) = await ControlAsync(HttpMethod.Post, "/faults", $"[{string.Join(',', faults)}]");
        Assert.True(status == 200, answer.ToJsonString());
    }

    /// <summary>The time on the stack's clock.</summary>
    public async Task<DateTimeOffset> NowAsync() =>
        DateTimeOffset.Parse((await ControlAsync(HttpMethod.Get, "/state")).Body["time"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel)) ?? throw new InvalidOperationException("The answer is empty.");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Stack.DisposeAsync();
    }

    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start;
    }
}
