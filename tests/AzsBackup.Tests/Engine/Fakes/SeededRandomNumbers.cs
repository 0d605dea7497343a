using AzsBackup.Engine.Running;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>Numbers from a seed.</summary>
internal sealed class SeededRandomNumbers(int seed) : IRandomNumbers
{
    private readonly Random _random = new(seed);

    public int Below(int bound)
    {
        lock (_random) return _random.Next(bound);
    }
}
