using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Backup;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>This project: each step a process of its own, against an emulated stack in another, whose disk holds the first day's bytes.</summary>
internal sealed class Ours(StackProcess stack, DiskPair disks, string folder, TextWriter output) : IContestant
{
    public const string WholeProcess = "AzsBackup, process";
    public const string StepAlone = "AzsBackup, step";

    /// <summary>Whether what was restored is compared with the image, byte for byte.</summary>
    public bool ComparesRestored { get; init; } = true;

    /// <summary>What each backup after the first reads to check the stack's word.</summary>
    public static long SampleBytes => new VmBackupOptions().SampleBytes;

    /// <summary>As <c>pwsh</c> runs: a workstation collector.</summary>
    private static readonly Dictionary<string, string> Environment = new() { ["DOTNET_gcServer"] = "0" };

    public async Task<IReadOnlyDictionary<string, Cost>> RunAsync(Step step, CancellationToken cancellationToken)
    {
        if (step == Step.Incremental)
            await stack.FillAsync(disks.Second, cancellationToken);
        string verb = step switch { Step.Restore => "restore", Step.Verify => "verify", _ => "backup" };
        string[] arguments = [typeof(Ours).Assembly.Location, "vm-step", verb, folder, stack.Line];
        var (cost, written) = await MeasuredProcess.RunAsync("dotnet", arguments, Environment, null, cancellationToken);
        var result = JsonNode.Parse(written)!.AsObject();
        if (step == Step.Restore && ComparesRestored)
            await DiskPair.CompareAsync(disks.Second, Path.Combine(folder, "restored", $"{StackProcess.Vm}-os.vhd"), cancellationToken);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {step}: {result.ToJsonString()}"));
        return new Dictionary<string, Cost>
        {
            [WholeProcess] = cost,
            [StepAlone] = cost with { WallSeconds = result["wallSeconds"]!.GetValue<double>(), CpuSeconds = result["cpuSeconds"]!.GetValue<double>() },
        };
    }
}
