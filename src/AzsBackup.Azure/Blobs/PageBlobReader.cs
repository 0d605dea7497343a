using System.Runtime.CompilerServices;
using AzsBackup.Azure.Transport;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzsBackup.Azure.Blobs;

/// <summary>Reading a page blob, however the right to do so was come by.</summary>
internal abstract class PageBlobReader(BlobGateway gateway) : IPageBlobReader
{
    /// <summary>One request's limit in the port's contract.</summary>
    private const int LongestRead = 4 * 1024 * 1024;

    /// <summary>What a request for part of a range asks for at least.</summary>
    private const int SmallestRead = 64 * 1024;

    /// <summary>
    /// Get Page Ranges has no pages before version 2020-10-02, and its XML names every range, so it is asked window by window.
    /// Windows grow where little is allocated and shrink where there are many ranges.
    /// </summary>
    private const long FirstWindow = 4L << 30;
    private const long SmallestWindow = 256L << 20;
    private const long LargestWindow = 64L << 30;
    private const int FewRanges = 2_000;
    private const int ManyRanges = 50_000;

    private long _length;

    /// <inheritdoc/>
    public async ValueTask<long> GetLengthAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Read(ref _length) is var known and > 0) return known;
        var length = await WithClientAsync(
            async client => (await client.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value.ContentLength,
            cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _length, length);
        return length;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ByteRange> GetRangesAsync(CancellationToken cancellationToken) =>
        ListAsync(
            async (client, window, cancelled) =>
                (await client.GetPageRangesAsync(window, cancellationToken: cancelled).ConfigureAwait(false)).Value.PageRanges,
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ByteRange> GetChangesAsync(
        IPageBlobReader earlier, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What was zeroed is a change as well; the service names it apart.
        var changes = ListAsync(
            async (client, window, cancelled) =>
            {
                var answer = await ListChangesAsync(client, earlier, window, cancelled).ConfigureAwait(false);
                return answer.PageRanges.Concat(answer.ClearRanges).OrderBy(range => range.Offset);
            },
            cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var open = changes.ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (!await changes.MoveNextAsync().ConfigureAwait(false)) yield break;
            }
            catch (AzsException refused) when (MeansCannotCompare(refused))
            {
                throw new AzsException(
                    refused.ErrorId == "BlobRequestFailed" ? AzsErrorKind.StorageFailed : AzsErrorKind.NotSupported,
                    "ChangesNotReported",
                    $"{Describe()}: the blob service does not tell what changed since the earlier snapshot. {refused.Message}",
                    "Nothing need be done: all allocated ranges are read instead.",
                    Describe(),
                    refused);
            }

            yield return changes.Current;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Length, LongestRead, nameof(buffer));
        for (int filled = 0, asked = buffer.Length, breaks = 0; filled < buffer.Length;)
        {
            var at = offset + filled;
            var next = buffer.Slice(filled, Math.Min(asked, buffer.Length - filled));
            var (arrived, isSound) = await WithClientAsync(
                client => ReadSomeAsync(client, at, next, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (isSound) filled += arrived;
            if (arrived == next.Length && isSound)
            {
                asked = Math.Min(asked * 2, buffer.Length);
                continue;
            }

            // What can't be checked because it is not whole is read again, in smaller parts: a line that always breaks passes those.
            asked = Math.Clamp(arrived / SmallestRead * SmallestRead, SmallestRead, LongestRead);
            if (++breaks > BlobGateway.LongestPatience) throw BrokenOff(offset, buffer.Length);
            await gateway.BackOffAsync(breaks, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What to call the blob in an error: its URI without a signature.</summary>
    protected abstract string Describe();

    /// <summary>Asks for the changes within a window since an earlier snapshot.</summary>
    protected abstract Task<PageRangesInfo> ListChangesAsync(
        PageBlobClient client, IPageBlobReader earlier, HttpRange window, CancellationToken cancellationToken);

    /// <summary>Runs a request with a client that may do it; failures leave it as <see cref="AzsException"/>.</summary>
    protected abstract Task<T> WithClientAsync<T>(Func<PageBlobClient, Task<T>> request, CancellationToken cancellationToken);

    /// <summary>
    /// What the service answers when it can't compare, rather than when it can't be reached: an unknown header or parameter
    /// (400), an operation it lacks (501), a snapshot that is gone (404), unrelated or of a kind it does not compare (409, 403).
    /// </summary>
    private static bool MeansCannotCompare(AzsException refused) => refused.ErrorId is
        "BlobRequestRefused" or "BlobRequestFailed" or "BlobVersionRefused" or "BlobNotFound" or "BlobInUse" or "BlobAccessRefused" or "DiskAccessRefused"
        or "RangeOutsideBlob" or "ReplyMalformed";

    private async IAsyncEnumerable<ByteRange> ListAsync(
        Func<PageBlobClient, HttpRange, CancellationToken, Task<IEnumerable<HttpRange>>> ask,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var length = await GetLengthAsync(cancellationToken).ConfigureAwait(false);
        var window = FirstWindow;
        ByteRange? pending = null;
        for (long start = 0, end; start < length; start = end)
        {
            end = Math.Min(start + window, length);
            var asked = new HttpRange(start, end - start);
            var ranges = await WithClientAsync(
                async client => (await ask(client, asked, cancellationToken).ConfigureAwait(false)).ToList(), cancellationToken).ConfigureAwait(false);
            window = ranges.Count switch
            {
                < FewRanges => Math.Min(window * 4, LargestWindow),
                > ManyRanges => Math.Max(window / 4, SmallestWindow),
                _ => window,
            };
            foreach (var range in ranges)
            {
                // A service may name a range whole though the window cuts it.
                var from = Math.Max(range.Offset, start);
                var to = Math.Min(range.Offset + (range.Length ?? 0), end);
                if (to <= from) continue;
                if (pending is { } last && from < last.End) throw Disordered();
                if (pending is { } touching && from == touching.End)
                {
                    pending = touching with { Length = to - touching.Offset };
                    continue;
                }

                if (pending is { } done) yield return done;
                pending = new ByteRange(from, to - from);
            }
        }

        if (pending is { } rest) yield return rest;
    }

    /// <summary>
    /// Reads until the range is full or the body breaks off. Gives how much arrived, and whether it can be relied on: it agrees with the
    /// checksum of the service, or there is none.
    /// </summary>
    private async Task<(int Arrived, bool IsSound)> ReadSomeAsync(PageBlobClient client, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(offset, buffer.Length) };
        var response = await client.DownloadStreamingAsync(options, cancellationToken).ConfigureAwait(false);
        using BlobDownloadStreamingResult answer = response.Value;
        using var check = BodyCheck.For(response.GetRawResponse().Headers);
        if (answer.Details.ContentRange is not { } range || !range.StartsWith($"bytes {offset}-", StringComparison.Ordinal))
        {
            throw new AzsException(
                AzsErrorKind.StorageFailed,
                "RangeNotHonoured",
                $"{Describe()}: the blob service answered a read at {offset} with another range ({answer.Details.ContentRange ?? "the whole blob"}).",
                "Check that no proxy between here and the stack changes requests or answers.",
                Describe());
        }

        var filled = 0;
        try
        {
            while (filled < buffer.Length)
            {
                var read = await answer.Content.ReadAsync(buffer[filled..], cancellationToken).ConfigureAwait(false);
                if (read == 0) break;
                check?.Append(buffer.Span.Slice(filled, read));
                filled += read;
            }
        }
        catch (Exception exception) when (BlobFailure.StatusOf(exception) == 0 && NetworkFailure.IsOne(exception, cancellationToken))
        {
            // The caller reads on, and counts; a signature that expired in mid-body is not caught, so that it is renewed.
        }

        return (filled, check is null || (filled == buffer.Length && check.Agrees()));
    }

    private AzsException Disordered() => new(
        AzsErrorKind.DataDamaged,
        "PageRangesDisordered",
        $"{Describe()}: the blob service named page ranges that overlap or are out of order.",
        "Back the disk up with a full read, and tell the stack's operator.",
        Describe());

    private AzsException BrokenOff(long offset, int length) => new(
        AzsErrorKind.ConnectionFailed,
        "TransferBroken",
        $"{Describe()}: reading {length} bytes at {offset} broke off {BlobGateway.LongestPatience + 1} times.",
        "Check the network path to the stack, then run the command again.",
        Describe());
}
