namespace AzsBackup.Emulator.Faults;

/// <summary>A fault that happens to one request.</summary>
/// <param name="Effect">What happens.</param>
/// <param name="Latency">The wait, with its jitter drawn.</param>
/// <param name="Seed">For what the effect itself leaves to chance.</param>
internal sealed record FaultStrike(FaultEffect Effect, TimeSpan Latency, int Seed);
