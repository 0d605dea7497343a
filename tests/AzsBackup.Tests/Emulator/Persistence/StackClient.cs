using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace AzsBackup.Tests.Emulator.Persistence;

/// <summary>A client of a stack in another process, which trusts the authority it announces; it does not try again.</summary>
internal sealed class StackClient : IDisposable
{
    private const string Account = "killed1";

    private readonly HttpClient _http;
    private readonly string _subscription;
    private readonly CancellationToken _cancellationToken;

    private StackClient(HttpClient http, string subscription, CancellationToken cancellationToken)
    {
        _http = http;
        _subscription = subscription;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The container everything lies in.</summary>
    public BlobContainerClient Container { get; private set; } = null!;

    public static async Task<StackClient> SignInAsync(JsonNode announcement, CancellationToken cancellationToken)
    {
        X509Certificate2 authority = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Text(announcement, "caCertificatePath"), cancellationToken));
        HttpClient http = new(new SocketsHttpHandler
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
        }) { BaseAddress = new Uri(Text(announcement, "armEndpoint")) };
        StackClient client = new(http, "/subscriptions/" + Text(announcement, "subscriptionId"), cancellationToken);
        JsonNode metadata = (await client.SendAsync(HttpMethod.Get, "/metadata/endpoints?api-version=1.0")).Body!;
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Text(announcement, "clientId"),
            ["client_secret"] = Text(announcement, "clientSecret"),
            ["scope"] = metadata["authentication"]!["audiences"]![0]!.GetValue<string>() + "/.default",
        });
        HttpResponseMessage token = await http.PostAsync(new Uri($"/{Text(announcement, "tenantId")}/oauth2/v2.0/token", UriKind.Relative), form, cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
            JsonNode.Parse(await token.Content.ReadAsStringAsync(cancellationToken))!["access_token"]!.GetValue<string>());
        return client;
    }

    /// <summary>Makes the resource group, the account and the container, unless they are there.</summary>
    public async Task PrepareAsync()
    {
        await SendAsync(HttpMethod.Put, $"{_subscription}/resourceGroups/rg?api-version=2019-10-01", """{"location":"local"}""");
        string account = Id("Microsoft.Storage/storageAccounts", Account);
        await SendAsync(HttpMethod.Put, account + "?api-version=2019-06-01", """{"location":"local","kind":"Storage","sku":{"name":"Standard_LRS"}}""");
        JsonNode keys = (await SendAsync(HttpMethod.Post, account + "/listKeys?api-version=2019-06-01")).Body!;
        BlobClientOptions options = new(BlobClientOptions.ServiceVersion.V2019_07_07) { Transport = new HttpClientTransport(_http), Retry = { MaxRetries = 0 } };
        // The token among the client's default headers gives way to the signature of a request.
        BlobServiceClient service = new(new Uri(_http.BaseAddress!, Account), new StorageSharedKeyCredential(Account, Text(keys["keys"]![0]!, "value")), options);
        Container = service.GetBlobContainerClient("things");
        await Container.CreateIfNotExistsAsync(cancellationToken: _cancellationToken);
    }

    public string Id(string type, string name) => $"{_subscription}/resourceGroups/rg/providers/{type}/{name}";

    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string url, string? body = null)
    {
        using HttpRequestMessage request = new(method, new Uri(url, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.SendAsync(request, _cancellationToken);
        string text = await response.Content.ReadAsStringAsync(_cancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public void Dispose() => _http.Dispose();

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
