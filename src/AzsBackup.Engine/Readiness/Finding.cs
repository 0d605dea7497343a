using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>What a probe found.</summary>
/// <param name="Probe">What was looked at.</param>
/// <param name="Status">How ready it is.</param>
/// <param name="Detail">What was found, in a sentence.</param>
/// <param name="NextStep">What to do about it; null if nothing.</param>
internal sealed record Finding(string Probe, AzsReadinessStatus Status, string Detail, string? NextStep = null);
