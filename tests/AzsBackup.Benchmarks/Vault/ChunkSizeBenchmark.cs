using System.Diagnostics;
using System.Globalization;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Benchmarks.Vault;

/// <summary>Backs generations of disks up into vaults of each chunk size: what the first one takes, and what each later one adds.</summary>
internal static class ChunkSizeBenchmark
{
    private static readonly int[] Sizes = [256 << 10, 512 << 10, 1 << 20, 2 << 20, 4 << 20];

    public static async Task<int> RunAsync(VaultBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.Images is null || !Directory.Exists(options.Images))
            throw new FormatException("--images takes the folder that make-generations.sh filled.");
        await output.WriteLineAsync("| Disk | Chunk size | First backup, MiB stored | Each later one, MiB stored | Chunks (first + later each) | First backup, MiB/s of disk | CPU s per GiB |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|");
        foreach (string kind in Directory.EnumerateDirectories(options.Images).Order(StringComparer.Ordinal))
        {
            string[] generations = [.. Directory.EnumerateFiles(kind, "*.img").OrderBy(path => int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture))];
            if (generations.Length < 2)
                continue;
            foreach (int size in Sizes)
                await MeasureAsync(kind, generations, size, options, output, cancellationToken);
        }

        return 0;
    }

    private static async Task MeasureAsync(
        string kind, string[] generations, int size, VaultBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(options.Directory, $"azsbackup-chunk-size-{Guid.NewGuid():N}");
        try
        {
            using var store = new FolderStore(folder);
            using var vault = await BenchmarkVault.CreateAsync(store, size, cancellationToken);
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var clock = Stopwatch.StartNew();
            long first = await BenchmarkVault.BackUpAsync(vault, generations[0], kind, cancellationToken);
            double seconds = clock.Elapsed.TotalSeconds;
            double cpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
            int firstChunks = CountChunks(folder);
            long later = 0;
            foreach (string generation in generations.Skip(1))
                later += await BenchmarkVault.BackUpAsync(vault, generation, kind, cancellationToken);
            int days = generations.Length - 1;
            double length = new FileInfo(generations[0]).Length;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(kind)} | {Name(size)} | {first / 1048576.0:F1} | {later / 1048576.0 / days:F2} | {firstChunks} + {(CountChunks(folder) - firstChunks) / days} | {length / 1048576 / seconds:F0} | {cpuSeconds / (length / (1 << 30)):F2} |"));
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static string Name(int size) => size < 1 << 20 ? $"{size >> 10} KiB" : $"{size >> 20} MiB";

    private static int CountChunks(string folder) => Directory.EnumerateFiles(Path.Combine(folder, "chunks"), "*", SearchOption.AllDirectories).Count();
}
