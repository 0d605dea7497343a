using System.Globalization;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>What was measured, round by round.</summary>
internal sealed class CostTable
{
    private readonly Dictionary<(string Row, Step Step), List<Cost>> _costs = [];

    public void Add(string row, Step step, Cost cost)
    {
        if (!_costs.TryGetValue((row, step), out var rounds))
            _costs.Add((row, step), rounds = []);
        rounds.Add(cost);
    }

    /// <summary>The medians of time and processor time; of memory, the most.</summary>
    public Cost Median(string row, Step step)
    {
        var rounds = _costs[(row, step)];
        return new Cost(
            PairedMeasurement.Median(rounds.Select(round => round.WallSeconds)),
            PairedMeasurement.Median(rounds.Select(round => round.CpuSeconds)),
            rounds.Max(round => round.PeakMiB));
    }

    public async Task WriteAsync(double megabytes, TextWriter output)
    {
        await output.WriteLineAsync("| step | who | wall s | CPU s (least - most) | MB per CPU s | CPU against ours | peak MiB |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|");
        foreach (var step in Enum.GetValues<Step>())
        {
            double ours = Median(Ours.WholeProcess, step).CpuSeconds;
            foreach (string row in _costs.Keys.Where(key => key.Step == step).Select(key => key.Row))
            {
                var cost = Median(row, step);
                var cpu = _costs[(row, step)].Select(round => round.CpuSeconds).ToList();
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {step} | {row} | {cost.WallSeconds:F1} | {cost.CpuSeconds:F2} ({cpu.Min():F2} - {cpu.Max():F2}) | {megabytes / cost.CpuSeconds:F0} | {cost.CpuSeconds / ours:F2} | {cost.PeakMiB:F0} |"));
            }
        }
    }
}
