namespace AzsBackup.Benchmarks;

/// <summary>What one side of a round gave.</summary>
/// <param name="MiBPerSecond">How fast it went.</param>
/// <param name="CpuSecondsPerGiB">What it cost, client and server together. It tells what a busy machine hides.</param>
internal readonly record struct Throughput(double MiBPerSecond, double CpuSecondsPerGiB);
