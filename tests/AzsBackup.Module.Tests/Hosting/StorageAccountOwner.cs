using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>Reads and writes page blobs with an account's key, as its owner may, with nothing of the module.</summary>
internal sealed class StorageAccountOwner : IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _endpoint;
    private readonly string _account;
    private readonly byte[] _key;

    private StorageAccountOwner(HttpClient client, Uri endpoint, string account, byte[] key) =>
        (_client, _endpoint, _account, _key) = (client, endpoint, account, key);

    /// <summary>Asks for the account's key with the service principal of the stack.</summary>
    public static async Task<StorageAccountOwner> SignInAsync(EmulatedStack stack, string group, string account)
    {
        var client = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(
            stack.ArmEndpoint,
            $"subscriptions/{stack.SubscriptionId}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}/listKeys?api-version=2019-06-01"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(client, stack));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var keys = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return new StorageAccountOwner(client, stack.BlobEndpoint, account, keys.GetProperty("keys")[0].GetProperty("value").GetBytesFromBase64());
    }

    /// <summary>A token for a stack with Entra ID, as anybody can ask for it.</summary>
    public static async Task<string> TokenAsync(HttpClient client, EmulatedStack stack)
    {
        var metadata = await client.GetFromJsonAsync<JsonElement>(
            new Uri(stack.ArmEndpoint, "metadata/endpoints?api-version=2015-01-01"), TestContext.Current.CancellationToken);
        var authentication = metadata.GetProperty("authentication");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = stack.ClientId,
            ["client_secret"] = stack.ClientSecret,
            ["scope"] = $"{authentication.GetProperty("audiences")[0].GetString()}/.default",
        });
        var login = new Uri(new Uri(authentication.GetProperty("loginEndpoint").GetString()!), $"{stack.TenantId}/oauth2/v2.0/token");
        using var response = await client.PostAsync(login, form, TestContext.Current.CancellationToken);
        var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return answer.GetProperty("access_token").GetString()!;
    }

    /// <summary>Reads pages.</summary>
    public async Task<byte[]> ReadAsync(string blob, long offset, int length)
    {
        using var response = await SendAsync(HttpMethod.Get, blob, "", offset, length, null);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Writes pages.</summary>
    public async Task WriteAsync(string blob, long offset, byte[] pages)
    {
        using var response = await SendAsync(HttpMethod.Put, blob, "comp=page", offset, pages.Length, pages);
    }

    public void Dispose() => _client.Dispose();

    // learn.microsoft.com, "Authorize with Shared Key".
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string blob, string query, long offset, int length, byte[]? body)
    {
        var path = $"/{_account}/{blob}";
        using var request = new HttpRequestMessage(method, new Uri(_endpoint, path + (query.Length > 0 ? $"?{query}" : "")));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["x-ms-date"] = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture),
            ["x-ms-range"] = $"bytes={offset}-{offset + length - 1}",
            ["x-ms-version"] = "2019-02-02",
        };
        if (body is not null)
        {
            headers["x-ms-page-write"] = "update";
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        var text = $"{method}\n\n\n{(body is null ? "" : length)}\n\n\n\n\n\n\n\n\n"
            + string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"))
            + $"/{_account}{path}" + (query.Length > 0 ? "\n" + query.Replace('=', ':') : "");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", $"{_account}:{signature}");
        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.EnsureSuccessStatusCode();
    }
}
