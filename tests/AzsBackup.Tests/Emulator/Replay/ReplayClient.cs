using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Tests.Emulator.Hosting;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Sends the requests of a recording to an emulated stack, whose clock it moves: how long an operation takes is what the recording says.</summary>
internal sealed class ReplayClient(StackHost host, string domain, ReplayAddresses addresses, ServerValues values) : IAsyncDisposable
{
    public static readonly TimeSpan OperationDuration = TimeSpan.FromMinutes(1);
    private const int DeploymentSteps = 8;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(40);
    private readonly HttpClient _http = host.CreateClient();
    private readonly Dictionary<string, RecordedKey> _keys = new(StringComparer.Ordinal);
    private bool _mayRun;
    private bool _deploys;
    private DateTimeOffset _now = StackHost.Start;
    private DateTimeOffset _signedInAt = StackHost.Start;

    private static CancellationToken Cancel => StackHost.Cancel;

    /// <summary>Lets as much time pass as an operation takes, if one may be running.</summary>
    public async Task SettleAsync()
    {
        if (!_mayRun)
            return;
        _mayRun = false;
        // A deployment takes a step after the other, each when the one before is through.
        for (var step = 0; step < (_deploys ? DeploymentSteps : 1); step++)
        {
            host.Stack.AdvanceClock(OperationDuration);
            _now += OperationDuration;
            if (_deploys)
                (await host.SendUncheckedAsync(HttpMethod.Get, $"{host.Subscription}?api-version={StackHost.Resources}")).Dispose();
        }

        _deploys = false;
        if (_now - _signedInAt < TokenLifetime)
            return;
        await host.SignInAsync();
        _signedInAt = _now;
    }

    /// <summary>Makes what the recording found when it began.</summary>
    public async Task PrepareAsync(RecordedEstate estate)
    {
        foreach (var (name, tags) in estate.Groups())
            await MakeAsync(host.Group(name), StackHost.Resources, new JsonObject { ["location"] = estate.Region, ["tags"] = tags });
        foreach (var (group, name) in estate.Accounts())
            await MakeAsync(host.Id(group, "Microsoft.Storage/storageAccounts", name), StackHost.Storage, new JsonObject { ["location"] = estate.Region, ["kind"] = "Storage", ["sku"] = new JsonObject { ["name"] = "Standard_LRS" }, ["properties"] = new JsonObject { ["supportsHttpsTrafficOnly"] = true } });
        await SettleAsync();
    }

    /// <summary>Sends one request. An answer of the blob service names it as the recorded one would.</summary>
    public async Task<Answer> SendAsync(RecordedInteraction recorded)
    {
        var labels = recorded.Uri.Host.Split('.');
        return labels is [var account, "blob", "core", "windows", "net"]
            ? await SendToBlobsAsync(recorded, account, $"{account}.blob.{host.Stack.Location}.{domain}")
            : await SendToArmAsync(recorded);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task MakeAsync(string id, string version, JsonObject body)
    {
        _mayRun = true;
        using var answer = await host.SendUncheckedAsync(HttpMethod.Put, $"{id}?api-version={version}", body.ToJsonString());
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{id} cannot be made: {await answer.Content.ReadAsStringAsync(Cancel)}");
    }

    private async Task<Answer> SendToArmAsync(RecordedInteraction recorded)
    {
        var target = values.Translate(addresses.Target(recorded.Uri));
        var body = recorded.RequestBody.Length == 0 ? null : addresses.ToOurs(values.Translate(recorded.RequestText));
        _mayRun |= recorded.Method != "GET";
        _deploys |= recorded.Method == "PUT" && target.Contains("/deployments/", StringComparison.OrdinalIgnoreCase);
        using var answer = await host.SendUncheckedAsync(new HttpMethod(recorded.Method), target, body);
        return await ReadAsync(answer);
    }

    private async Task<Answer> SendToBlobsAsync(RecordedInteraction recorded, string account, string hostName)
    {
        var uri = new Uri($"https://{hostName}{values.Translate(recorded.Uri.PathAndQuery)}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var headers = recorded.RequestHeaders.Where(header => header.Key is not ("Connection" or "Content-Length" or "Accept-Encoding"))
            .ToDictionary(header => header.Key, header => values.Translate(header.Value), StringComparer.OrdinalIgnoreCase);
        headers["x-ms-date"] = _now.ToString("R", CultureInfo.InvariantCulture);
        using var message = new HttpRequestMessage(new HttpMethod(recorded.Method), new Uri(new Uri(host.Stack.ArmEndpoint.GetLeftPart(UriPartial.Authority)), uri.PathAndQuery));
        message.Headers.Host = hostName;
        if (recorded.Method is "PUT" or "POST")
            message.Content = new ByteArrayContent(recorded.RequestBody);
        if (await KeyAsync(account) is { } key)
            message.Headers.TryAddWithoutValidation("Authorization", key.Authorization(recorded.Method, uri, headers, recorded.RequestBody.Length));
        foreach (var (name, value) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http.SendAsync(message, Cancel);
        var read = await ReadAsync(answer);
        return read.Headers.GetValueOrDefault("Content-Type") == "application/xml"
            ? read with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(read.Body).Replace($"https://{hostName}/", $"http://{account}.blob.core.windows.net/", StringComparison.Ordinal)) }
            : read;
    }

    /// <summary>The account's key, as its owner reads it; null if there is no such account.</summary>
    private async Task<RecordedKey?> KeyAsync(string account)
    {
        if (_keys.TryGetValue(account, out var known))
            return known;
        var accounts = (await AskAsync(HttpMethod.Get, $"{host.Subscription}/providers/Microsoft.Storage/storageAccounts"))["value"]!.AsArray();
        if (accounts.FirstOrDefault(item => item!["name"]!.GetValue<string>() == account)?["id"]?.GetValue<string>() is not { } id)
            return null;
        var keys = await AskAsync(HttpMethod.Post, id + "/listKeys");
        return _keys[account] = new RecordedKey(account, Convert.FromBase64String(keys["keys"]![0]!["value"]!.GetValue<string>()));
    }

    private async Task<JsonNode> AskAsync(HttpMethod method, string path)
    {
        using var answer = await host.SendUncheckedAsync(method, $"{path}?api-version={StackHost.Storage}");
        return await StackHost.JsonAsync(answer);
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage answer)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(header.Key == "Server" ? " " : ", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)answer.StatusCode, headers, await answer.Content.ReadAsByteArrayAsync(Cancel));
    }
}
