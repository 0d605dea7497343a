using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>Arithmetic on ranges of a disk. Pure.</summary>
public static class RangeSet
{
    /// <summary>What lies in <paramref name="ranges"/> and in none of <paramref name="without"/>; ascending, not overlapping.</summary>
    /// <param name="ranges">In any order; may overlap.</param>
    /// <param name="without">In any order; may overlap.</param>
    public static IEnumerable<ByteRange> Subtract(IEnumerable<ByteRange> ranges, IEnumerable<ByteRange> without)
    {
        using var holes = Merge(without).GetEnumerator();
        var hasHole = holes.MoveNext();
        foreach (var range in Merge(ranges))
        {
            var at = range.Offset;
            while (at < range.End)
            {
                while (hasHole && holes.Current.End <= at) hasHole = holes.MoveNext();
                if (!hasHole || holes.Current.Offset >= range.End)
                {
                    yield return new ByteRange(at, range.End - at);
                    break;
                }

                if (holes.Current.Offset > at) yield return new ByteRange(at, holes.Current.Offset - at);
                at = holes.Current.End;
            }
        }
    }

    /// <summary>The same bytes as the fewest ranges, ascending.</summary>
    public static IEnumerable<ByteRange> Merge(IEnumerable<ByteRange> ranges)
    {
        ByteRange? pending = null;
        foreach (var range in ranges.OrderBy(range => range.Offset))
        {
            if (pending is { } last && range.Offset <= last.End)
            {
                pending = new ByteRange(last.Offset, Math.Max(last.End, range.End) - last.Offset);
                continue;
            }

            if (pending is { } done) yield return done;
            pending = range;
        }

        if (pending is { } tail) yield return tail;
    }
}
