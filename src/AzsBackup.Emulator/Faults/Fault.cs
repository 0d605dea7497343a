using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Faults;

/// <summary>One thing that goes wrong: for which requests, when, and how. Not thread-safe; the plan guards it.</summary>
/// <param name="entry">The fault as it was asked for, for lists.</param>
/// <param name="match">Which requests.</param>
/// <param name="effect">What happens to them.</param>
internal sealed class Fault(JsonObject entry, FaultMatch match, FaultEffect effect)
{
    private Random? _chance;
    private long _seen;
    private long _struck;

    /// <summary>So many fitting requests pass before the fault begins.</summary>
    public long After { get; init; }

    /// <summary>How often it strikes at most; <see langword="null"/>: for ever.</summary>
    public long? Count { get; init; }

    /// <summary>The chance, above 0 and up to 1, that it strikes a fitting request.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Decides everything that is left to chance: for the same seed, the n-th fitting request always fares alike.</summary>
    public int Seed { get; init; }

    /// <summary>Whether it has struck as often as it may.</summary>
    public bool IsSpent => _struck >= Count;

    /// <summary>Gives what happens to the request; <see langword="null"/> if this fault leaves it alone.</summary>
    public FaultStrike? Strike(FaultSubject subject)
    {
        if (IsSpent || !match.Fits(subject) || !effect.Concerns(subject) || ++_seen <= After)
            return null;
        // Three draws for each request, struck or not: what happens to one does not depend on which numbers others used.
        Random chance = _chance ??= new Random(Seed);
        (double hit, double jitter, int seed) = (chance.NextDouble(), chance.NextDouble(), chance.Next());
        if (hit >= Probability)
            return null;
        _struck++;
        return new FaultStrike(effect, effect.Latency + (jitter * effect.Jitter), seed);
    }

    /// <summary>The fault as it was asked for, with how many fitting requests it has seen and how many it has struck.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = (JsonObject)entry.DeepClone();
        json["seen"] = _seen;
        json["struck"] = _struck;
        return json;
    }
}
