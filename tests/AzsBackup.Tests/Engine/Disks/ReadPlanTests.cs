using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Disks;

public sealed class ReadPlanTests
{
    private const int Chunk = 8;
    private const int Piece = 32;
    private const int Disk = 403;

    [Property]
    public Property Pieces_AnyRanges_CoverEveryAllocatedChunkOnceAndNoOther() => Prop.ForAll(Ranges, ranges =>
    {
        var pieces = Plan(ranges);
        var wanted = ranges.SelectMany(range => Numbers(range)).Distinct().Order();

        return wanted.SequenceEqual(pieces.SelectMany(Numbers))
            && pieces.All(piece => piece.Length is > 0 and <= Piece && piece.Offset % Chunk == 0 && (piece.End % Chunk == 0 || piece.End == Disk));
    });

    [Fact]
    public void Pieces_LongRange_IsCutIntoWholePieces() =>
        Assert.Equal([new(0, Piece), new(Piece, Piece), new(2 * Piece, Chunk)], Plan([new ByteRange(0, (2 * Piece) + 1)]));

    private static Arbitrary<ByteRange[]> Ranges =>
        (from offset in Gen.Choose(0, Disk - 1) from length in Gen.Choose(1, 90) select new ByteRange(offset, Math.Min(length, Disk - offset)))
            .ArrayOf().Select(ranges => RangeSet.Merge(ranges).ToArray()).ToArbitrary();

    private static IEnumerable<long> Numbers(ByteRange range)
    {
        for (var chunk = range.Offset / Chunk; chunk * Chunk < range.End; chunk++) yield return chunk;
    }

    private static List<ByteRange> Plan(IEnumerable<ByteRange> ranges) =>
        ReadPlan.PiecesAsync(ranges.ToAsyncEnumerable(), Disk, Chunk, Piece, CancellationToken.None).ToBlockingEnumerable().ToList();
}
