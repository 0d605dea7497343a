namespace AzsBackup.Azure.Transport;

/// <summary>Chance for waits, so that parallel workers do not come back all at once. Safe for concurrent use, which <see cref="Random"/> is not.</summary>
internal sealed class Jitter(Random chance)
{
    private readonly object _gate = new();

    /// <summary>A share from 0 (included) to 1 (excluded).</summary>
    public double Next()
    {
        lock (_gate) return chance.NextDouble();
    }
}
