using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>AzCopy, from an exported disk of the stack to a file: no encryption, no generations, nothing to verify.</summary>
internal sealed class AzCopy(StackProcess stack, DiskPair disks, string folder) : IContestant
{
    /// <summary>What to run: what <c>AZCOPY</c> names, or the one on the path.</summary>
    public static string Program => Environment.GetEnvironmentVariable("AZCOPY") is { Length: > 0 } named ? named : "azcopy";

    private const string ApiVersion = "api-version=2019-07-01";

    private readonly Dictionary<string, string> _environment = new()
    {
        ["AZCOPY_LOG_LOCATION"] = folder,
        ["AZCOPY_JOB_PLAN_LOCATION"] = folder,
        ["AZCOPY_DEFAULT_SERVICE_API_VERSION"] = "2019-07-07",
    };

    public async Task<IReadOnlyDictionary<string, Cost>> RunAsync(Step step, CancellationToken cancellationToken)
    {
        if (step != Step.Full)
            return new Dictionary<string, Cost>();
        string file = Path.Combine(folder, "disk.vhd");
        var disk = await ExportAsync(stack, cancellationToken);
        string[] arguments = ["copy", disk.AbsoluteUri, file, "--from-to=BlobLocal", "--output-level=quiet", "--check-md5=NoCheck"];
        var (cost, _) = await MeasuredProcess.RunAsync(Program, arguments, _environment, folder, cancellationToken);
        await DiskPair.CompareAsync(disks.First, file, cancellationToken);
        return new Dictionary<string, Cost> { ["azcopy"] = cost };
    }

    /// <summary>Exports a snapshot of the stack's disk as any client would.</summary>
    private static async Task<Uri> ExportAsync(StackProcess stack, CancellationToken cancellationToken)
    {
        // The endpoint is this benchmark's own child on loopback; its certificate is of no interest here.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(stack.Endpoints["armEndpoint"]!.ToString()) };
        var metadata = (await client.GetFromJsonAsync<JsonNode>("/metadata/endpoints?api-version=1.0", cancellationToken))!;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = stack.Endpoints["clientId"]!.ToString(),
            ["client_secret"] = stack.Endpoints["clientSecret"]!.ToString(),
            ["scope"] = metadata["authentication"]!["audiences"]![0] + "/.default",
        });
        using var token = await client.PostAsync($"/{stack.Endpoints["tenantId"]}/oauth2/v2.0/token", form, cancellationToken);
        var signedIn = (await token.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn["access_token"]!.ToString());
        string group = $"/subscriptions/{stack.Endpoints["subscriptionId"]}/resourceGroups/{StackProcess.Group}/providers/Microsoft.Compute";
        string disk = $"{group}/disks/{StackProcess.Vm}-os";
        string snapshot = $"{group}/snapshots/for-azcopy";
        var body = new { location = stack.Endpoints["location"]!.ToString(), properties = new { creationData = new { createOption = "Copy", sourceResourceId = disk } } };
        using (await EndAsync(client, await client.PutAsJsonAsync($"{snapshot}?{ApiVersion}", body, cancellationToken), cancellationToken))
        {
            // The disk of a running VM can't be exported; its snapshot can.
        }

        var grant = new { access = "Read", durationInSeconds = 86400 };
        using var answer = await EndAsync(client, await client.PostAsJsonAsync($"{snapshot}/beginGetAccess?{ApiVersion}", grant, cancellationToken), cancellationToken);
        return new Uri((await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["accessSAS"]!.ToString());
    }

    /// <summary>Follows an operation to its result.</summary>
    private static async Task<HttpResponseMessage> EndAsync(HttpClient client, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        while (answer.EnsureSuccessStatusCode().Headers.Location is { } location)
        {
            answer.Dispose();
            answer = await client.GetAsync(location, cancellationToken);
        }

        return answer;
    }
}
