using System.Buffers.Binary;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Persistence;

/// <summary>Writes, clears, snapshots and remakes one page blob. A page is known by the number that fills it; 0 is unallocated.</summary>
internal sealed class PageBlobWorker(string name, int seed) : IKilledWorker
{
    private const int Pages = 256;
    private const int PageSize = 512;

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, int[]> _snapshots = new(StringComparer.Ordinal);
    private int[]? _pages;
    private ETag _etag;
    private int _last;
    private Pending? _pending;

    public async Task StepAsync(StackClient client, CancellationToken cancellationToken)
    {
        PageBlobClient blob = client.Container.GetPageBlobClient(name);
        int start = _random.Next(Pages);
        int count = _random.Next(1, Pages - start + 1);
        int choice = _pages is null ? 100 : _random.Next(100);
        if (choice < 60)
        {
            _pending = new Pending(Set(_pages!, start, count, ++_last), start, count);
            using MemoryStream bytes = new(Fill(count, _last));
            _etag = (await blob.UploadPagesAsync(bytes, start * PageSize, cancellationToken: cancellationToken)).Value.ETag;
        }
        else if (choice < 75)
        {
            _pending = new Pending(Set(_pages!, start, count, 0));
            _etag = (await blob.ClearPagesAsync(new HttpRange(start * PageSize, count * PageSize), cancellationToken: cancellationToken)).Value.ETag;
        }
        else if (choice < 87)
        {
            _pending = new Pending(_pages!) { IsSnapshot = true };
            _snapshots[(await blob.CreateSnapshotAsync(cancellationToken: cancellationToken)).Value.Snapshot] = [.. _pages!];
        }
        else if (choice < 97 && _snapshots.Count > 0)
        {
            string gone = _snapshots.Keys.ElementAt(_random.Next(_snapshots.Count));
            _pending = new Pending(_pages!) { RemovedSnapshot = gone };
            await blob.WithSnapshot(gone).DeleteAsync(cancellationToken: cancellationToken);
            _snapshots.Remove(gone);
        }
        else
        {
            _pending = new Pending(new int[Pages]);
            _etag = (await blob.CreateAsync(Pages * PageSize, cancellationToken: cancellationToken)).Value.ETag;
        }

        _pages = _pending.Pages;
        _pending = null;
    }

    public async Task VerifyAsync(StackClient client, CancellationToken cancellationToken)
    {
        List<BlobItem> found = [];
        await foreach (BlobItem item in client.Container.GetBlobsAsync(BlobTraits.None, BlobStates.Snapshots, name, cancellationToken))
            found.Add(item);
        await VerifySnapshotsAsync(client, [.. found.Select(item => item.Snapshot).Where(time => time is not null)], cancellationToken);
        BlobItem? blob = found.Find(item => item.Snapshot is null);
        Assert.True(blob is not null || _pages is null, $"{name} is gone.");
        if (blob is not null)
        {
            int[] pages = await ReadAsync(client.Container.GetPageBlobClient(name), cancellationToken);
            // Not the list's, which has no quotes.
            ETag etag = (await client.Container.GetPageBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag;
            if (_pages is not null && etag == _etag)
                AssertPages(_pages, pages, _pending);
            else
                Assert.Equal(_pending?.Pages, pages);
            (_pages, _etag) = (pages, etag);
        }

        _pending = null;
    }

    /// <summary>Not acknowledged, and not kept: pages as they were. Where the cut off write was to go over pages that were written already, each may be the new one.</summary>
    private void AssertPages(int[] expected, int[] actual, Pending? pending)
    {
        for (int page = 0; page < Pages; page++)
        {
            bool mayBeNew = pending is not null && page >= pending.Start && page < pending.Start + pending.Count && expected[page] != 0;
            Assert.True(actual[page] == expected[page] || (mayBeNew && actual[page] == pending!.Pages[page]), $"Page {page} of {name} is {actual[page]}, not {expected[page]}.");
        }
    }

    private async Task VerifySnapshotsAsync(StackClient client, List<string> times, CancellationToken cancellationToken)
    {
        foreach (string time in times)
        {
            int[] pages = await ReadAsync(client.Container.GetPageBlobClient(name).WithSnapshot(time), cancellationToken);
            if (!_snapshots.TryGetValue(time, out int[]? expected))
            {
                Assert.True(_pending is { IsSnapshot: true }, $"{name} has a snapshot {time} that nobody took.");
                _snapshots[time] = expected = _pending!.Pages;
            }

            Assert.Equal(expected, pages);
        }

        foreach (string missing in _snapshots.Keys.Except(times).ToList())
        {
            Assert.True(_pending?.RemovedSnapshot == missing, $"The snapshot {missing} of {name} is gone.");
            _snapshots.Remove(missing);
        }
    }

    private static async Task<int[]> ReadAsync(PageBlobClient blob, CancellationToken cancellationToken)
    {
        byte[] bytes = (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
        PageRangesInfo ranges = await blob.GetPageRangesAsync(cancellationToken: cancellationToken);
        int[] pages = new int[Pages];
        for (int page = 0; page < Pages; page++)
        {
            ReadOnlySpan<byte> content = bytes.AsSpan(page * PageSize, PageSize);
            pages[page] = BinaryPrimitives.ReadInt32LittleEndian(content);
            Assert.True(content.SequenceEqual(Fill(1, pages[page])), $"Page {page} is torn.");
            Assert.Equal(pages[page] != 0, ranges.PageRanges.Any(range => range.Offset <= page * PageSize && page * PageSize < range.Offset + range.Length));
        }

        return pages;
    }

    private static int[] Set(int[] pages, int start, int count, int value)
    {
        int[] changed = [.. pages];
        changed.AsSpan(start, count).Fill(value);
        return changed;
    }

    private static byte[] Fill(int count, int value)
    {
        byte[] bytes = new byte[count * PageSize];
        for (int i = 0; i < bytes.Length; i += sizeof(int))
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i), value);
        return bytes;
    }

    /// <param name="Pages">The pages when it is done.</param>
    /// <param name="Start">First page of a write.</param>
    /// <param name="Count">Pages of a write.</param>
    private sealed record Pending(int[] Pages, int Start = 0, int Count = 0)
    {
        public bool IsSnapshot { get; init; }

        public string? RemovedSnapshot { get; init; }
    }
}
