using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AzsBackup.Tests.Engine.Disks;

public sealed class RangeSetTests
{
    [Property]
    public Property Subtract_AnyRanges_GivesExactlyTheOtherBytes() => Prop.ForAll(Ranges, Ranges, (ranges, without) =>
    {
        var expected = Bytes(ranges).Except(Bytes(without)).Order().ToList();
        var left = RangeSet.Subtract(ranges, without).ToList();

        return expected.SequenceEqual(Bytes(left).Order()) && Ascending(left);
    });

    [Property]
    public Property Merge_AnyRanges_GivesTheSameBytesInTheFewestRanges() => Prop.ForAll(Ranges, ranges =>
    {
        var merged = RangeSet.Merge(ranges).ToList();

        return Bytes(ranges).Distinct().Order().SequenceEqual(Bytes(merged)) && merged.Zip(merged.Skip(1)).All(pair => pair.First.End < pair.Second.Offset);
    });

    private static Arbitrary<ByteRange[]> Ranges =>
        (from offset in Gen.Choose(0, 60) from length in Gen.Choose(1, 12) select new ByteRange(offset, length)).ArrayOf().ToArbitrary();

    private static IEnumerable<long> Bytes(IEnumerable<ByteRange> ranges) =>
        ranges.SelectMany(range => Enumerable.Range((int)range.Offset, (int)range.Length)).Select(at => (long)at);

    private static bool Ascending(List<ByteRange> ranges) => ranges.Zip(ranges.Skip(1)).All(pair => pair.First.End <= pair.Second.Offset);
}
