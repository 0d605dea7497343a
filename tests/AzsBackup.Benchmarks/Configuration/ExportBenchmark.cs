using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Benchmarks.Configuration;

/// <summary>
/// The export of a subscription's configuration against the loop people use today, on estates of growing size: requests, seconds
/// and peak memory of each, and whether time and memory grow with the number of resources and not faster.
/// </summary>
internal static class ExportBenchmark
{
    /// <returns>0 if the export needs fewer requests and less time than the loop, and grows no faster than the estate; else 1.</returns>
    public static async Task<int> RunAsync(ExportBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.Side is not null)
            return await ExportSide.RunAsync(options, output, cancellationToken);
        bool isGood = true;
        List<ExportFigures> sizes = [];
        await output.WriteLineAsync($"| Estate | | Resources | Requests | Seconds | Peak MiB |   latency {options.LatencyMs} ms, {options.ThrottleLimit} at once");
        await output.WriteLineAsync("|---:|---|---:|---:|---:|---:|");
        foreach (int resources in options.Resources)
        {
            string folder = Directory.CreateTempSubdirectory("export-benchmark").FullName;
            try
            {
                await using EmulatedStack stack = await EmulatedStack.StartAsync(new EmulatedStackOptions { Estate = $"generated:{resources}" }, cancellationToken);
                using HttpClient control = new() { BaseAddress = stack.ControlEndpoint };
                await SlowAsync(control, options.LatencyMs, cancellationToken);
                (ExportFigures export, long exportRequests) = await MeasureAsync(stack, control, "export", Path.Combine(folder, "export"), options, cancellationToken);
                (ExportFigures loop, long loopRequests) = await MeasureAsync(stack, control, "loop", Path.Combine(folder, "loop"), options, cancellationToken);
                await output.WriteLineAsync(Row(resources, "export", export, exportRequests));
                await output.WriteLineAsync(Row(resources, "loop", loop, loopRequests));
                isGood &= exportRequests < loopRequests && export.Seconds < loop.Seconds;
                sizes.Add(export);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        // Twice the resources may take a little over twice the time; what is quadratic takes four times.
        (ExportFigures least, ExportFigures most) = (sizes[0], sizes[^1]);
        double growth = (double)most.Resources / least.Resources;
        double slower = most.Seconds / least.Seconds / growth;
        double larger = (double)most.PeakBytes / least.PeakBytes / growth;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{growth:0.0} times the resources: {slower:0.00} times the time for each, {larger:0.00} times the memory for each."));
        return isGood && slower < 1.5 && larger < 1.5 ? 0 : 1;
    }

    private static string Row(int estate, string side, ExportFigures figures, long requests) => string.Create(
        CultureInfo.InvariantCulture, $"| {estate} | {side} | {figures.Resources} | {requests} | {figures.Seconds:0.0} | {figures.PeakBytes >> 20} |");

    private static async Task SlowAsync(HttpClient control, int milliseconds, CancellationToken cancellationToken)
    {
        if (milliseconds == 0)
            return;
        using StringContent faults = new($$"""[{"route":".","latencyMs":{{milliseconds}} }]""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await control.PostAsync(new Uri("/faults", UriKind.Relative), faults, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<(ExportFigures Figures, long Requests)> MeasureAsync(
        EmulatedStack stack, HttpClient control, string side, string folder, ExportBenchmarkOptions options, CancellationToken cancellationToken)
    {
        long before = await RequestsAsync(control, cancellationToken);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ExportBenchmark).Assembly.Location);
        foreach (string argument in new[] { "config-export", "--side", side, "--directory", folder, "--throttle", options.ThrottleLimit.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment[ExportSide.Endpoint] = stack.ArmEndpoint.AbsoluteUri;
        start.Environment[ExportSide.Tenant] = stack.TenantId;
        start.Environment[ExportSide.Client] = stack.ClientId;
        start.Environment[ExportSide.Secret] = stack.ClientSecret;
        start.Environment[ExportSide.Authority] = stack.CaCertificatePath;
        using var process = Process.Start(start)!;
        string answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The side '{side}' ended with {process.ExitCode}.");
        long requests = await RequestsAsync(control, cancellationToken) - before;
        return (JsonSerializer.Deserialize<ExportFigures>(answer)!, requests);
    }

    private static async Task<long> RequestsAsync(HttpClient control, CancellationToken cancellationToken) =>
        JsonNode.Parse(await control.GetStringAsync(new Uri("/state", UriKind.Relative), cancellationToken))!["requestsServed"]!.GetValue<long>();
}
