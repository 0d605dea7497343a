using System.Diagnostics;
using System.Globalization;
using AzsBackup.Vault;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Benchmarks.Vault;

/// <summary>
/// A vault of very many chunks: what listing, verifying a sample and optimizing take. Each phase is a process of its own, so that
/// its greatest working set is its own, with the garbage collector that PowerShell has.
/// </summary>
internal static class ScaleBenchmark
{
    private const int ChunkSize = VaultOptions.MinimumChunkSize;
    private const int ChunksPerPoint = 50_000;
    private const int LittleChanged = 10;

    // In this order: a tenth of the chunks belongs to no point; the second optimizing sweeps what the first has condemned.
    private static readonly string[] Phases = ["fill", "list", "test-1%", "plan", "condemn", "sweep"];

    public static async Task<int> RunAsync(VaultBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.Phase is { } phase)
            return await RunPhaseAsync(phase, options, output, cancellationToken);
        string folder = Path.Combine(options.Directory, $"azsbackup-scale-{Guid.NewGuid():N}");
        await output.WriteLineAsync($"{options.Chunks:N0} chunks of {ChunkSize >> 10} KiB in '{folder}'");
        await output.WriteLineAsync("| Phase | Seconds | Seconds per 100,000 chunks | Peak working set, MiB | |");
        await output.WriteLineAsync("|---|---|---|---|---|");
        int worst = 0;
        try
        {
            foreach (string each in Phases)
                worst = Math.Max(worst, await RunProcessAsync(each, folder, options, cancellationToken));
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }

        return worst;
    }

    private static async Task<int> RunProcessAsync(string phase, string folder, VaultBenchmarkOptions options, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ScaleBenchmark).Assembly.Location);
        foreach (string argument in new[] { "vault-scale", "--phase", phase, "--directory", folder, "--chunks", Text(options.Chunks), "--most-mib", Text(options.MostMiB) })
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_gcServer"] = "0";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    private static async Task<int> RunPhaseAsync(string phase, VaultBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using var store = new FolderStore(options.Directory);
        using var vault = phase == "fill"
            ? await BenchmarkVault.CreateAsync(store, ChunkSize, cancellationToken)
            : await BenchmarkVault.OpenAsync(store, cancellationToken);
        var clock = Stopwatch.StartNew();
        string did = phase switch
        {
            "fill" => await FillAsync(vault, options.Chunks, cancellationToken),
            "list" => await ListAsync(vault, store, cancellationToken),
            "test-1%" => await VerifyAsync(vault, cancellationToken),
            "plan" => $"{await new VaultOptimizer(vault, new OptimizeOptions()).PlanAsync(cancellationToken)}",
            _ => await OptimizeAsync(vault, cancellationToken),
        };
        double seconds = clock.Elapsed.TotalSeconds;
        using var self = Process.GetCurrentProcess();
        long peak = self.PeakWorkingSet64 >> 20;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"| {phase} | {seconds:F1} | {seconds * 100_000 / options.Chunks:F2} | {peak} | {did} |"));
        return peak <= options.MostMiB ? 0 : 1;
    }

    /// <summary>Full chunks that pack to nearly nothing, each of its own: most in points, a tenth in none.</summary>
    private static async Task<string> FillAsync(BackupVault vault, int count, CancellationToken cancellationToken)
    {
        int garbage = count / LittleChanged;
        await using var session = await vault.BeginSessionAsync("scale", cancellationToken);
        await PutAsync(session, 0, garbage, cancellationToken);
        int points = 0;
        for (int start = garbage; start < count; start += ChunksPerPoint, points++)
        {
            int length = Math.Min(ChunksPerPoint, count - start);
            var chunks = await PutAsync(session, start, length, cancellationToken);
            var stream = new StreamDraft { Name = "disk", Length = (long)length * ChunkSize, Chunks = chunks };
            await BenchmarkVault.PublishAsync(session, $"vm-{points}", [stream], cancellationToken);
        }

        return $"{points} points";
    }

    private static async Task<StreamChunk[]> PutAsync(VaultSession session, int start, int count, CancellationToken cancellationToken)
    {
        var chunks = new StreamChunk[count];
        int workers = 2 * Environment.ProcessorCount;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, workers),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
            async (worker, stop) =>
            {
                byte[] content = new byte[ChunkSize];
                for (int i = worker; i < count; i += workers)
                {
                    BitConverter.TryWriteBytes(content, start + i + 1);
                    chunks[i] = new StreamChunk(i, await session.PutChunkAsync(content, stop));
                }
            });
        return chunks;
    }

    private static async Task<string> ListAsync(BackupVault vault, FolderStore store, CancellationToken cancellationToken)
    {
        long points = 0;
        await foreach (var _ in vault.ListPointsAsync(cancellationToken))
            points++;
        long chunks = 0;
        await foreach (var _ in store.ListAsync("chunks/", cancellationToken))
            chunks++;
        return $"{points} points, {chunks:N0} chunks";
    }

    private static async Task<string> VerifyAsync(BackupVault vault, CancellationToken cancellationToken)
    {
        int damages = 0;
        var result = await new VaultVerifier(vault, new VerifyOptions { SamplePercent = 1 }).RunAsync(
            (_, _) =>
            {
                damages++;
                return Task.CompletedTask;
            },
            cancellationToken);
        return $"{result.ChunksRead:N0} of {result.Chunks:N0} chunks read, {damages} damaged";
    }

    private static async Task<string> OptimizeAsync(BackupVault vault, CancellationToken cancellationToken)
    {
        var result = await new VaultOptimizer(vault, new OptimizeOptions { GracePeriod = TimeSpan.Zero }).RunAsync(cancellationToken);
        return $"{result.ChunksCondemned:N0} condemned, {result.ChunksDeleted:N0} deleted";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
