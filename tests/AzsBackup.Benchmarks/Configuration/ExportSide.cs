using System.Diagnostics;
using System.Security;
using System.Text.Json;
using AzsBackup.Azure.Connections;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Benchmarks.Configuration;

/// <summary>One way to export a subscription, in a process of its own, so that its memory is its own.</summary>
internal static class ExportSide
{
    /// <summary>The variables that tell the process where the stack is.</summary>
    public const string Endpoint = "BENCHMARK_ARM", Tenant = "BENCHMARK_TENANT", Client = "BENCHMARK_CLIENT", Secret = "BENCHMARK_SECRET", Authority = "BENCHMARK_CA";

    /// <summary>Exports, and writes one line of JSON: resources, seconds, peak bytes.</summary>
    public static async Task<int> RunAsync(ExportBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        IStack stack = await ConnectAsync(cancellationToken);
        using IDisposable closing = (IDisposable)stack;
        var clock = Stopwatch.StartNew();
        int count = options.Side == "loop"
            ? await LoopAsync(stack, options.Directory, cancellationToken)
            : await ExportAsync(stack, options, cancellationToken);
        double seconds = clock.Elapsed.TotalSeconds;
        using var self = Process.GetCurrentProcess();
        await output.WriteLineAsync(JsonSerializer.Serialize(new ExportFigures(count, seconds, self.PeakWorkingSet64)));
        return 0;
    }

    private static async Task<int> ExportAsync(IStack stack, ExportBenchmarkOptions options, CancellationToken cancellationToken)
    {
        var capture = new CaptureOptions { Scopes = [Subscription(stack)], ThrottleLimit = options.ThrottleLimit };
        int count = 0;
        await foreach (var result in new ConfigCapture(stack, TimeProvider.System, new NoLog()).RunAsync(capture, CaptureFolder.Open(options.Directory), cancellationToken))
        {
            if (result.File is null) throw new InvalidOperationException($"{result.ResourceId}: {result.Reason}");
            count++;
        }

        return count;
    }

    /// <summary>What people do today: list everything, then <c>Get-AzResource</c> one by one into files. Children and extensions are left out.</summary>
    private static async Task<int> LoopAsync(IStack stack, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var style = new JsonSerializerOptions { WriteIndented = true };
        var ids = new List<ResourceId>();
        await foreach (var listed in stack.Resources.ListAsync($"{Subscription(stack)}/resources", "Microsoft.Resources/resources", cancellationToken)) ids.Add(listed.Id);
        foreach (var id in ids)
        {
            var body = await stack.Resources.GetAsync(id, cancellationToken);
            string file = Path.Combine(folder, $"{id.ResourceGroupName}_{id.Type.Replace('/', '_')}_{id.Name}.json");
            await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(body.Json, style), cancellationToken);
        }

        return ids.Count;
    }

    private static ResourceId Subscription(IStack stack) => ResourceId.Parse("/subscriptions/" + stack.Connection.SubscriptionId);

    private static Task<IStack> ConnectAsync(CancellationToken cancellationToken)
    {
        var secret = new SecureString();
        foreach (char letter in Variable(Secret)) secret.AppendChar(letter);
        var signIn = new StackSignIn
        {
            ArmEndpoint = new Uri(Variable(Endpoint)),
            TenantId = Variable(Tenant),
            CaCertificatePath = Variable(Authority),
            Credential = new ClientSecretSignIn(Variable(Client), secret),
        };
        return new StackConnector(TimeProvider.System, new Random()).ConnectAsync(signIn, new NoLog(), cancellationToken);
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? throw new FormatException($"{name} is not set.");
}
