namespace AzsBackup.Benchmarks;

/// <summary>
/// Two things measured alternately, so that what else goes on in the machine hits both: round by round, the order changing each time.
/// The medians are of rounds; a ratio's is of the rounds' ratios, not the ratio of medians.
/// </summary>
internal sealed record PairedMeasurement
{
    private readonly List<(Throughput Subject, Throughput Reference)> _rounds = [];

    /// <summary>MiB per second, the median.</summary>
    public double Subject => Median(_rounds.Select(round => round.Subject.MiBPerSecond));

    /// <summary>MiB per second, the median.</summary>
    public double Reference => Median(_rounds.Select(round => round.Reference.MiBPerSecond));

    /// <summary>How many times as fast as the reference the subject is.</summary>
    public double Ratio => Median(_rounds.Select(round => round.Subject.MiBPerSecond / round.Reference.MiBPerSecond));

    /// <summary>How many times the reference's processor time the subject needs for as many bytes.</summary>
    public double CpuRatio => Median(_rounds.Select(round => round.Subject.CpuSecondsPerGiB / round.Reference.CpuSecondsPerGiB));

    /// <summary>Measures both, after one round that warms up.</summary>
    public static async Task<PairedMeasurement> TakeAsync(Func<Task<Throughput>> subject, Func<Task<Throughput>> reference, int rounds)
    {
        await subject();
        await reference();
        PairedMeasurement taken = new();
        for (int round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
            {
                Throughput first = await subject();
                taken._rounds.Add((first, await reference()));
            }
            else
            {
                Throughput first = await reference();
                taken._rounds.Add((await subject(), first));
            }
        }

        return taken;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
