using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>
/// Which pieces of a disk to read, given its allocated ranges: whole chunks, because a chunk is what a vault stores, joined
/// to pieces as long as one request may be.
/// </summary>
public static class ReadPlan
{
    /// <summary>The pieces, ascending, not overlapping; each begins at a chunk's start and ends at a chunk's or the disk's end.</summary>
    /// <param name="ranges">Allocated ranges, ascending.</param>
    /// <param name="diskLength">The disk's length in bytes; nothing beyond it is read.</param>
    /// <param name="chunkSize">The chunk size in bytes; divides <paramref name="pieceLength"/>.</param>
    /// <param name="pieceLength">The longest piece, in bytes.</param>
    /// <param name="cancellationToken">Stops the listing of ranges.</param>
    public static async IAsyncEnumerable<ByteRange> PiecesAsync(
        IAsyncEnumerable<ByteRange> ranges,
        long diskLength,
        int chunkSize,
        int pieceLength,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = 0L;
        var end = 0L;
        await foreach (var range in ranges.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var from = range.Offset / chunkSize * chunkSize;
            var to = Math.Min(diskLength, (range.End + chunkSize - 1) / chunkSize * chunkSize);
            if (from > end)
            {
                foreach (var piece in Cut(start, end)) yield return piece;
                start = from;
            }

            end = Math.Max(end, to);
            while (end - start >= pieceLength)
            {
                yield return new ByteRange(start, pieceLength);
                start += pieceLength;
            }
        }

        foreach (var piece in Cut(start, end)) yield return piece;

        static IEnumerable<ByteRange> Cut(long start, long end)
        {
            if (end > start) yield return new ByteRange(start, end - start);
        }
    }
}
