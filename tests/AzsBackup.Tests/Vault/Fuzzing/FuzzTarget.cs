namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>A reader under trial.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Seeds">Right inputs to begin with.</param>
/// <param name="Read">Reads one; may throw <see cref="Model.AzsException"/> and nothing else. Must not keep the bytes.</param>
/// <param name="Weight">How often it comes up.</param>
/// <param name="MaximumAllocation">The most bytes it may allocate for an input of this many, besides what the input itself costs.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Read, int Weight = 10, long MaximumAllocation = 1 << 20);
