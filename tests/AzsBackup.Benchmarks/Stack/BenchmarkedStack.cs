using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Benchmarks.Stack;

/// <summary>An emulated stack that holds the bytes twice: in a managed disk that is exported, and in a page blob of a storage account.</summary>
internal sealed class BenchmarkedStack : IAsyncDisposable
{
    private const string Account = "benchmark";
    private const string Group = "/resourceGroups/benchmark";
    private readonly EmulatedStack _stack;
    private readonly HttpClient _client;

    private BenchmarkedStack(EmulatedStack stack, HttpClient client)
    {
        _stack = stack;
        _client = client;
    }

    /// <summary>The disk's SAS.</summary>
    public Uri Disk { get; private set; } = null!;

    /// <summary>The page blob's SAS, which may read and write.</summary>
    public Uri Blob { get; private set; } = null!;

    public X509Certificate2 Certificate => _stack.Certificate;

    public static X509Certificate2 Authority(EmulatedStack stack) => X509Certificate2.CreateFromPem(File.ReadAllText(stack.CaCertificatePath));

    /// <param name="stack">A stack that has just been started, and belongs to what is made here.</param>
    /// <param name="load">The client; it also writes the page blob.</param>
    /// <param name="image">The bytes: a raw image.</param>
    /// <param name="cancellationToken">Cancels the preparation.</param>
    public static async Task<BenchmarkedStack> FillAsync(EmulatedStack stack, RangeLoad load, string image, CancellationToken cancellationToken)
    {
        BenchmarkedStack made = new(stack, load.Client);
        await made.SignInAsync(cancellationToken);
        await made.ArmAsync(HttpMethod.Put, Group + "?api-version=2019-10-01", """{"location":"local"}""", cancellationToken);
        long length = new FileInfo(image).Length;
        const string Disk = Group + "/providers/Microsoft.Compute/disks/d1";
        await made.ArmAsync(HttpMethod.Put, Disk + "?api-version=2019-07-01", $$$"""{"location":"local","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":{{{(length + (1 << 30) - 1) >> 30}}}}}""", cancellationToken);
        await made.ReplaceAsync(Disk, image, cancellationToken);
        JsonNode grant = await made.ArmAsync(HttpMethod.Post, Disk + "/beginGetAccess?api-version=2019-07-01", """{"access":"Read","durationInSeconds":86400}""", cancellationToken);
        made.Disk = new Uri(grant["accessSAS"]!.GetValue<string>());
        made.Blob = await made.MakeBlobAsync(length, cancellationToken);
        await using FileStream bytes = File.OpenRead(image);
        byte[] range = new byte[RangeLoad.RangeLength];
        for (long offset = 0; offset < length; offset += range.Length)
        {
            await bytes.ReadExactlyAsync(range, cancellationToken);
            await load.WriteAsync(new Uri(made.Blob.AbsoluteUri + "&comp=page"), offset, range, cancellationToken);
        }

        return made;
    }

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        JsonNode metadata = JsonNode.Parse(await _client.GetStringAsync(new Uri(_stack.ArmEndpoint, "/metadata/endpoints?api-version=1.0"), cancellationToken))!;
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = _stack.ClientId,
            ["client_secret"] = _stack.ClientSecret,
            ["scope"] = metadata["authentication"]!["audiences"]![0]!.GetValue<string>() + "/.default",
        });
        using HttpResponseMessage response = await _client.PostAsync(new Uri(_stack.ArmEndpoint, $"/{_stack.TenantId}/oauth2/v2.0/token"), form, cancellationToken);
        JsonNode token = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken))!;
        Token = token["access_token"]!.GetValue<string>();
    }

    private string Token { get; set; } = "";

    /// <summary>Sends, and follows the operation to its result.</summary>
    private async Task<JsonNode> ArmAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        Uri uri = new(_stack.ArmEndpoint, "/subscriptions/" + _stack.SubscriptionId + path);
        while (true)
        {
            using HttpRequestMessage request = new(method, uri);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
            string text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
            if (response.Headers.Location is not { } location)
                return JsonNode.Parse(text)!;
            (method, uri, body) = (HttpMethod.Get, location, null);
        }
    }

    private async Task ReplaceAsync(string disk, string image, CancellationToken cancellationToken)
    {
        JsonObject request = new() { ["disk"] = "/subscriptions/" + _stack.SubscriptionId + disk, ["path"] = image };
        using StringContent content = new(request.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync(new Uri(_stack.ControlEndpoint, "/disks/replace"), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task<Uri> MakeBlobAsync(long length, CancellationToken cancellationToken)
    {
        const string Storage = Group + "/providers/Microsoft.Storage/storageAccounts/" + Account;
        await ArmAsync(HttpMethod.Put, Storage + "?api-version=2019-06-01", """{"location":"local","sku":{"name":"Standard_LRS"},"kind":"Storage"}""", cancellationToken);
        JsonNode keys = await ArmAsync(HttpMethod.Post, Storage + "/listKeys?api-version=2019-06-01", "", cancellationToken);
        string sas = AccountSas(Convert.FromBase64String(keys["keys"]![0]!["value"]!.GetValue<string>()));
        Uri blob = new(_stack.BlobEndpoint, $"{Account}/disks/d1.vhd?{sas}");
        await PutAsync(new Uri(_stack.BlobEndpoint, $"{Account}/disks?restype=container&{sas}"), [], cancellationToken);
        await PutAsync(blob, [("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", length.ToString(CultureInfo.InvariantCulture))], cancellationToken);
        return blob;
    }

    private async Task PutAsync(Uri uri, (string Name, string Value)[] headers, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, uri) { Content = new ByteArrayContent([]) };
        request.Headers.Add("x-ms-version", "2019-07-07");
        foreach ((string name, string value) in headers)
            request.Headers.Add(name, value);
        using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static string AccountSas(byte[] key)
    {
        const string Expiry = "2099-01-01T00:00:00Z";
        string signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Account}\nrwc\nb\nco\n\n{Expiry}\n\n\n2019-07-07\n")));
        return $"sv=2019-07-07&ss=b&srt=co&sp=rwc&se={Uri.EscapeDataString(Expiry)}&sig={Uri.EscapeDataString(signature)}";
    }
}
