using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>Runs a program to its end and says what it cost: what the system charges to children that have ended, and the peak it shows while they live. Linux only.</summary>
internal static class MeasuredProcess
{
    /// <summary>RUSAGE_CHILDREN of sys/resource.h.</summary>
    private const int Children = -1;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs it. One at a time: what other children of this process used meanwhile would be charged to it.</summary>
    /// <returns>The cost, and what it wrote to its standard output.</returns>
    /// <exception cref="FormatException">It is not there, or it failed.</exception>
    public static async Task<(Cost Cost, string Output)> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string? directory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? "" };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        double before = ChildrenCpuSeconds();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var peak = WatchAsync(process.Id, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        double wall = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
            throw new FormatException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} failed: {await errors}{await output}");
        return (new Cost(wall, ChildrenCpuSeconds() - before, await peak), await output);
    }

    /// <summary>Whether there is such a program.</summary>
    public static async Task<bool> ExistsAsync(string program, string argument, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(program, [argument], new Dictionary<string, string>(), null, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or FormatException)
        {
            return false;
        }
    }

    /// <summary>The peak resident memory of a process so far, in MiB; <see langword="null"/> if it has ended.</summary>
    public static double? PeakMiB(int processId)
    {
        try
        {
            string line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) ?? "";
            return line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var kibibytes, ..]
                ? double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<double> WatchAsync(int processId, CancellationToken cancellationToken)
    {
        double peak = 0;
        while (PeakMiB(processId) is { } now)
        {
            peak = now;
            await Task.Delay(BetweenLooks, cancellationToken);
        }

        return peak;
    }

    private static double ChildrenCpuSeconds()
    {
        // struct rusage: two struct timeval, then fourteen longs.
        long[] usage = new long[18];
        if (GetResourceUsage(Children, usage) != 0)
            throw new Win32Exception();
        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    [DllImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetResourceUsage(int who, long[] usage);
}
