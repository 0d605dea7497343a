namespace AzsBackup.Benchmarks.Vm;

/// <summary>What one step cost.</summary>
/// <param name="WallSeconds">How long it took.</param>
/// <param name="CpuSeconds">User and system time of its process and of what that started.</param>
/// <param name="PeakMiB">The most memory its process had resident.</param>
internal readonly record struct Cost(double WallSeconds, double CpuSeconds, double PeakMiB)
{
    public static Cost operator +(Cost left, Cost right) =>
        new(left.WallSeconds + right.WallSeconds, left.CpuSeconds + right.CpuSeconds, Math.Max(left.PeakMiB, right.PeakMiB));
}
