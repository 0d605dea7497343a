namespace AzsBackup.Benchmarks;

/// <summary>
/// Two things measured alternately, so that what else goes on in the machine hits both: round by round, the order changing each time.
/// The medians are of rounds; the ratio's is of the rounds' ratios, not the ratio of medians.
/// </summary>
internal sealed record PairedMeasurement(double Subject, double Reference, double Ratio)
{
    /// <summary>Measures both, after one round that warms up.</summary>
    public static async Task<PairedMeasurement> TakeAsync(Func<Task<double>> subject, Func<Task<double>> reference, int rounds)
    {
        await subject();
        await reference();
        List<(double Subject, double Reference)> pairs = [];
        for (int round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
            {
                double first = await subject();
                pairs.Add((first, await reference()));
            }
            else
            {
                double first = await reference();
                pairs.Add((await subject(), first));
            }
        }

        return new PairedMeasurement(Median(pairs.Select(pair => pair.Subject)), Median(pairs.Select(pair => pair.Reference)), Median(pairs.Select(pair => pair.Subject / pair.Reference)));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
