using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Benchmarks.Vault;

/// <summary>A first backup into a folder against copying the file there and, if it is at hand, restic; one after the other, round by round.</summary>
internal static class PutBenchmark
{
    private const string Passphrase = "correct horse battery staple";

    public static async Task<int> RunAsync(VaultBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(options.Directory, $"azsbackup-put-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            string disk = Path.Combine(folder, "disk.img");
            await MakeDiskAsync(disk, options, cancellationToken);
            double mib = new FileInfo(disk).Length / 1048576.0;
            var ways = new List<(string Name, Func<string, Task<double>> PutAsync)>
            {
                ("vault", target => PutAsync(disk, target, cancellationToken)),
                ("copy of the file, forced to the disk", target => CopyAsync(disk, target, cancellationToken)),
            };
            if (await TryRunAsync("restic", ["version"], cancellationToken))
                ways.Add(("restic backup", target => RunResticAsync(disk, target, cancellationToken)));
            else
                await output.WriteLineAsync("restic is not at hand; it is left out.");
            var measured = ways.ToDictionary(way => way.Name, _ => new List<(double Seconds, double Cpu, double Stored)>());
            for (int round = 0; round <= options.Rounds; round++)
            {
                foreach (var (name, putAsync) in ways)
                {
                    string target = Path.Combine(folder, "target");
                    var clock = Stopwatch.StartNew();
                    double cpu = await putAsync(target);
                    double seconds = clock.Elapsed.TotalSeconds;
                    double stored = Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length) / 1048576.0;
                    Directory.Delete(target, recursive: true);
                    if (round > 0)
                        measured[name].Add((seconds, cpu, stored));
                }
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{mib:F0} MiB, medians of {options.Rounds} rounds after one that warms up"));
            foreach (var (name, rounds) in measured)
            {
                double seconds = PairedMeasurement.Median(rounds.Select(round => round.Seconds));
                double cpu = PairedMeasurement.Median(rounds.Select(round => round.Cpu));
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{name,-40} {mib / seconds,7:F0} MiB/s {(double.IsNaN(cpu) ? "      -" : (cpu / (mib / 1024)).ToString("F2", CultureInfo.InvariantCulture).PadLeft(7))} CPU s/GiB {rounds[0].Stored,8:F0} MiB stored"));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The first disk of --images; else a quarter zeros, a quarter noise and half text.</summary>
    private static async Task MakeDiskAsync(string path, VaultBenchmarkOptions options, CancellationToken cancellationToken)
    {
        if (options.Images is not null)
        {
            File.Copy(Directory.EnumerateFiles(options.Images, "0.img", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(), path);
            return;
        }

        await using var file = File.Create(path);
        byte[] mib = new byte[1 << 20];
        for (int i = 0; i < options.MiB; i++)
        {
            Array.Clear(mib);
            if (i % 4 == 1)
                new Random(i).NextBytes(mib);
            for (int at = 0; i % 4 > 1 && at + 64 <= mib.Length; at += 64)
                string.Create(CultureInfo.InvariantCulture, $"{i} {at * 2654435761L:x16} a line of a log, more or less\n").Select(character => (byte)character).ToArray().AsSpan()[..40].CopyTo(mib.AsSpan(at));
            await file.WriteAsync(mib, cancellationToken);
        }
    }

    private static async Task<double> PutAsync(string disk, string target, CancellationToken cancellationToken)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        using var store = new FolderStore(target);
        using var vault = await BenchmarkVault.CreateAsync(store, VaultOptions.DefaultChunkSize, cancellationToken);
        await BenchmarkVault.BackUpAsync(vault, disk, "vm", cancellationToken);
        self.Refresh();
        return (self.TotalProcessorTime - before).TotalSeconds;
    }

    private static async Task<double> CopyAsync(string disk, string target, CancellationToken cancellationToken)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        Directory.CreateDirectory(target);
        await using (var from = File.OpenRead(disk))
        await using (var to = File.Create(Path.Combine(target, "disk.img"), 1 << 20))
        {
            await from.CopyToAsync(to, 4 << 20, cancellationToken);
            to.Flush(flushToDisk: true);
        }

        self.Refresh();
        return (self.TotalProcessorTime - before).TotalSeconds;
    }

    private static async Task<double> RunResticAsync(string disk, string target, CancellationToken cancellationToken)
    {
        if (!await TryRunAsync("restic", ["-q", "--no-cache", "-r", target, "init"], cancellationToken)
            || !await TryRunAsync("restic", ["-q", "--no-cache", "-r", target, "backup", disk], cancellationToken))
            throw new FormatException("restic failed.");

        // .NET can't tell what a process that has ended used.
        return double.NaN;
    }

    /// <returns>Whether there is such a program and it succeeded.</returns>
    private static async Task<bool> TryRunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["RESTIC_PASSWORD"] = Passphrase;
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
