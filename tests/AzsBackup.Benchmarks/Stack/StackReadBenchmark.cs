using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Benchmarks.Stack;

/// <summary>Whether the emulated stack is fast enough not to be what other benchmarks measure: at least 0.7 of what the same server gives for a plain file.</summary>
internal static class StackReadBenchmark
{
    /// <returns>0 if every median of ratios is good enough, else 1.</returns>
    public static async Task<int> RunAsync(BenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateDirectory(Path.Combine(options.Directory, Path.GetRandomFileName())).FullName;
        try
        {
            string image = Path.Combine(folder, "disk.raw");
            await WriteImageAsync(image, options.MiB, cancellationToken);
            bool isGood = true;
            foreach (bool isPlain in (bool[])[false, true])
                isGood &= await MeasureAsync(options, folder, image, isPlain, output, cancellationToken);
            return isGood ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> MeasureAsync(BenchmarkOptions options, string folder, string image, bool isPlain, TextWriter output, CancellationToken cancellationToken)
    {
        EmulatedStackOptions stackOptions = new()
        {
            PlainBlob = isPlain,
            OperationDuration = TimeSpan.Zero,
            StateDirectory = Path.Combine(folder, isPlain ? "plain" : "secure"),
        };
        EmulatedStack started = await EmulatedStack.StartAsync(stackOptions, cancellationToken);
        using X509Certificate2 authority = BenchmarkedStack.Authority(started);
        using RangeLoad load = new(authority, new FileInfo(image).Length);
        await using BenchmarkedStack stack = await BenchmarkedStack.FillAsync(started, load, image, cancellationToken);
        await using StaticFileServer files = await StaticFileServer.StartAsync(folder, stack.Certificate, cancellationToken);
        Uri reference = new(isPlain ? files.Plain : files.Secure, "disk.raw");

        bool isGood = true;
        await output.WriteLineAsync($"{(isPlain ? "HTTP" : "HTTPS")}, ranges of 4 MiB of {options.MiB} MiB, {options.Rounds} rounds of {options.Time.TotalSeconds:0.#} s, medians, MiB/s");
        await output.WriteLineAsync("source     in flight     stack    static file   ratio   CPU ratio");
        foreach ((string name, Uri uri) in new[] { ("disk SAS", stack.Disk), ("blob SAS", stack.Blob) })
        {
            foreach (int inFlight in options.InFlight)
            {
                PairedMeasurement pair = await PairedMeasurement.TakeAsync(
                    () => load.ReadAsync(uri, inFlight, options.Time, cancellationToken),
                    () => load.ReadAsync(reference, inFlight, options.Time, cancellationToken),
                    options.Rounds);
                isGood &= pair.Ratio >= options.Least;
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {inFlight,9} {pair.Subject,9:0} {pair.Reference,14:0} {pair.Ratio,7:0.00} {pair.CpuRatio,11:0.00}{(pair.Ratio < options.Least ? "  too slow" : "")}"));
            }
        }

        Uri pages = new(stack.Blob.AbsoluteUri + "&comp=page");
        foreach (int inFlight in options.InFlight)
        {
            List<double> rounds = [];
            for (int round = 0; round <= options.Rounds; round++)
                rounds.Add((await load.WriteAsync(pages, inFlight, options.Time, cancellationToken)).MiBPerSecond);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{"put pages",-10} {inFlight,9} {PairedMeasurement.Median(rounds.Skip(1)),9:0}"));
        }

        return isGood;
    }

    private static async Task WriteImageAsync(string path, int mebibytes, CancellationToken cancellationToken)
    {
        // Any bytes will do, as long as they are none that a file system or a transport could leave out.
        Random random = new(1);
        byte[] block = new byte[1 << 20];
        await using FileStream file = File.Create(path);
        for (int i = 0; i < mebibytes; i++)
        {
            random.NextBytes(block);
            await file.WriteAsync(block, cancellationToken);
        }
    }
}
