using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Restore;

/// <summary>An empty page blob that a disk is written to. Long runs of zeros are not sent: the blob has them already.</summary>
internal sealed class PageBlobSink(IPageBlob blob) : IDiskSink
{
    // Shorter runs of zeros cost less as bytes than as a request of their own.
    private const int Block = 64 << 10;

    /// <inheritdoc/>
    public async ValueTask<long> WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var written = 0L;
        for (var at = 0; at < bytes.Length;)
        {
            var (start, end) = NextRun(bytes.Span, at);
            if (start < end) await blob.WriteAsync(offset + start, bytes[start..end], cancellationToken).ConfigureAwait(false);
            written += end - start;
            at = end;
        }

        return written;
    }

    private static (int Start, int End) NextRun(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && IsZero(bytes, at)) at = Math.Min(at + Block, bytes.Length);
        var end = at;
        while (end < bytes.Length && !IsZero(bytes, end)) end = Math.Min(end + Block, bytes.Length);
        return (at, end);
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes, int at) => !bytes[at..Math.Min(at + Block, bytes.Length)].ContainsAnyExcept((byte)0);
}
