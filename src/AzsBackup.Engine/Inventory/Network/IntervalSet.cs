namespace AzsBackup.Engine.Inventory.Network;

/// <summary>A set of whole numbers, kept as intervals that are ascending and apart: ports, or IPv4 addresses as numbers.</summary>
public sealed class IntervalSet : IEquatable<IntervalSet>
{
    private readonly (long First, long Last)[] _intervals;

    private IntervalSet((long First, long Last)[] intervals) => _intervals = intervals;

    /// <summary>The empty set.</summary>
    public static IntervalSet None { get; } = new([]);

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => _intervals.Length == 0;

    /// <summary>The intervals, both ends included.</summary>
    public IReadOnlyList<(long First, long Last)> Intervals => _intervals;

    /// <summary>How many numbers are in it.</summary>
    public long Count => _intervals.Sum(interval => interval.Last - interval.First + 1);

    /// <summary>The numbers from one to another, both included.</summary>
    public static IntervalSet Range(long first, long last) => first > last ? None : new([(first, last)]);

    /// <summary>The union of intervals in any order.</summary>
    public static IntervalSet Of(IEnumerable<(long First, long Last)> intervals)
    {
        var merged = new List<(long First, long Last)>();
        foreach (var (first, last) in intervals.Where(interval => interval.First <= interval.Last).Order())
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            else merged.Add((first, last));
        }

        return new IntervalSet([.. merged]);
    }

    /// <summary>What is in this set or in the other.</summary>
    public IntervalSet Union(IntervalSet other) => Of(_intervals.Concat(other._intervals));

    /// <summary>What is in both sets.</summary>
    public IntervalSet Intersect(IntervalSet other)
    {
        var common = new List<(long, long)>();
        for (int mine = 0, theirs = 0; mine < _intervals.Length && theirs < other._intervals.Length;)
        {
            var first = Math.Max(_intervals[mine].First, other._intervals[theirs].First);
            var last = Math.Min(_intervals[mine].Last, other._intervals[theirs].Last);
            if (first <= last) common.Add((first, last));
            if (_intervals[mine].Last < other._intervals[theirs].Last) mine++;
            else theirs++;
        }

        return new IntervalSet([.. common]);
    }

    /// <summary>What is in this set and not in the other.</summary>
    public IntervalSet Except(IntervalSet other)
    {
        var left = new List<(long, long)>();
        foreach (var (first, last) in _intervals)
        {
            var at = first;
            foreach (var taken in other._intervals)
            {
                if (taken.Last < at) continue;
                if (taken.First > last) break;
                if (taken.First > at) left.Add((at, taken.First - 1));
                at = taken.Last + 1;
            }

            if (at <= last) left.Add((at, last));
        }

        return new IntervalSet([.. left]);
    }

    /// <summary>Whether a number is in it.</summary>
    public bool Contains(long number) => Array.Exists(_intervals, interval => interval.First <= number && number <= interval.Last);

    /// <inheritdoc/>
    public bool Equals(IntervalSet? other) => other is not null && _intervals.AsSpan().SequenceEqual(other._intervals);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IntervalSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _intervals.Aggregate(17, HashCode.Combine);

    /// <summary>The intervals as <c>22, 80-90</c>.</summary>
    public override string ToString() => string.Join(", ", _intervals.Select(interval =>
        interval.First == interval.Last ? FormattableString.Invariant($"{interval.First}") : FormattableString.Invariant($"{interval.First}-{interval.Last}")));
}
