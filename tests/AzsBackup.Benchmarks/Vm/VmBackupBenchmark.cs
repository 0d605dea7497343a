using System.Globalization;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>A VM's disk backed up over HTTP, again a day later, restored and verified: this project, then its peers on the same image, round by round.</summary>
internal static class VmBackupBenchmark
{
    /// <summary>Goals in logical MB (10^6 bytes of disk, zeros included) for each second of processor time.</summary>
    private static readonly Dictionary<Step, double> Goals = new() { [Step.Full] = 300, [Step.Restore] = 600, [Step.Verify] = 900 };

    private const double MostForChange = 1.5;

    /// <returns>0 if all goals are met, else 1.</returns>
    public static async Task<int> RunAsync(VmBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        string scratch = Directory.CreateDirectory(Path.Combine(options.Directory, $"azsbackup-vm-{Guid.NewGuid():N}")).FullName;
        try
        {
            var disks = await DiskPair.PrepareAsync(options, scratch, cancellationToken);
            await output.WriteLineAsync(await disks.DescribeAsync(cancellationToken));
            var peers = await FindPeersAsync(options, output, cancellationToken);
            var table = new CostTable();
            for (int round = 0; round < options.Rounds; round++)
            {
                string folder = Directory.CreateDirectory(Path.Combine(scratch, "round")).FullName;
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"round {round + 1}; SHA-256 on this machine now: {Calibration.Measure():F0} MB per CPU second"));
                await RunRoundAsync(disks, folder, peers, isReversed: round % 2 == 1, table, output, cancellationToken);
                Directory.Delete(folder, recursive: true);
            }

            await output.WriteLineAsync($"\nMedians of {options.Rounds} rounds. MB: 10^6 bytes of the disk, zeros included; CPU: user and system time.");
            await table.WriteAsync(disks.Length / 1e6, output);
            return await JudgeAsync(table, disks, options, output) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task RunRoundAsync(
        DiskPair disks, string folder, IReadOnlyList<string> peers, bool isReversed, CostTable table, TextWriter output, CancellationToken cancellationToken)
    {
        string Own(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        await using var stack = await StackProcess.StartAsync(Own("stack"), (int)((disks.Length + (1 << 30) - 1) >> 30), cancellationToken);
        await stack.FillAsync(disks.First, cancellationToken);
        var contestants = new List<IContestant> { new Ours(stack, disks, Own("ours"), output) };
        foreach (string peer in peers)
        {
            contestants.Add(peer switch
            {
                "restic" => new Restic(disks, Own(peer)),
                "borg" => new Borg(disks, Own(peer)),
                _ => new AzCopy(stack, disks, Own(peer)),
            });
        }

        if (isReversed)
            contestants.Reverse();
        foreach (var step in Enum.GetValues<Step>())
        {
            foreach (var contestant in contestants)
            {
                foreach (var (row, cost) in await contestant.RunAsync(step, cancellationToken))
                    table.Add(row, step, cost);
            }
        }
    }

    private static async Task<IReadOnlyList<string>> FindPeersAsync(VmBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (string peer in options.Peers)
        {
            var (program, argument) = peer switch { "restic" => (peer, "version"), "azcopy" => (AzCopy.Program, "--version"), _ => (peer, "--version") };
            if (await MeasuredProcess.ExistsAsync(program, argument, cancellationToken))
                found.Add(peer);
            else
                await output.WriteLineAsync($"{peer} is not at hand; it is left out.");
        }

        return found;
    }

    private static async Task<bool> JudgeAsync(CostTable table, DiskPair disks, VmBenchmarkOptions options, TextWriter output)
    {
        bool isGood = true;
        foreach (var (step, goal) in Goals)
        {
            double rate = disks.Length / 1e6 / table.Median(Ours.StepAlone, step).CpuSeconds;
            isGood &= await SayAsync(rate >= goal, $"{step}: {rate:F0} MB per CPU second, goal {goal:F0}");
        }

        double Cpu(Step step) => table.Median(Ours.StepAlone, step).CpuSeconds;
        double allowed = (MostForChange * disks.ChangedShare * Cpu(Step.Full)) + Cpu(Step.Unchanged);
        isGood &= await SayAsync(
            Cpu(Step.Incremental) <= allowed,
            $"Incremental: {Cpu(Step.Incremental):F2} CPU seconds, goal {allowed:F2}: {MostForChange} times {100 * disks.ChangedShare:F1} % (the chunks that changed) of the full's {Cpu(Step.Full):F2}, and the {Cpu(Step.Unchanged):F2} of a backup without a change, which reads a sample of {Ours.SampleBytes >> 20} MiB");
        double peak = Enum.GetValues<Step>().Max(step => table.Median(Ours.WholeProcess, step).PeakMiB);
        return isGood & await SayAsync(peak < options.MostMiB, $"Peak memory: {peak:F0} MiB, goal less than {options.MostMiB}");

        async Task<bool> SayAsync(bool met, FormattableString what)
        {
            await output.WriteLineAsync((met ? "met     " : "MISSED  ") + what.ToString(CultureInfo.InvariantCulture));
            return met;
        }
    }
}
