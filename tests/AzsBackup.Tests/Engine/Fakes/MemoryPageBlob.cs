using System.Runtime.CompilerServices;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>A page blob in memory, allocated where a 4 KiB page is not all zeros; its snapshots are copies.</summary>
internal sealed class MemoryPageBlob : IPageBlob
{
    private const int Page = 4096;
    private readonly Dictionary<string, MemoryPageBlob> _snapshots = [];
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _metadata = [];
    private readonly Lock _gate = new();
    private byte[]? _content;

    public Uri Uri { get; init; } = new("https://blob.test/container/blob");

    public IReadOnlyCollection<string> SnapshotNames => _snapshots.Keys;

    public static MemoryPageBlob Of(byte[] content) => new() { _content = [.. content] };

    public static MemoryPageBlob At(Uri uri, byte[] content) => new() { Uri = uri, _content = [.. content] };

    public byte[] ToArray() => [.. _content!];

    public MemoryPageBlob Copy() => Of(_content!);

    public ValueTask<long> GetLengthAsync(CancellationToken cancellationToken) => ValueTask.FromResult((long)_content!.Length);

    public async IAsyncEnumerable<ByteRange> GetRangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        for (var at = 0; at < _content!.Length; at += Page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = Math.Min(Page, _content.Length - at);
            if (_content.AsSpan(at, length).ContainsAnyExcept((byte)0)) yield return new ByteRange(at, length);
        }
    }

    /// <summary>Changes the service leaves out of what it reports.</summary>
    public Func<ByteRange, bool> Hides { get; set; } = _ => false;

    /// <summary>Every page that differs, zeroed ones among them; as snapshots are copies, both are compared.</summary>
    public async IAsyncEnumerable<ByteRange> GetChangesAsync(IPageBlobReader earlier, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        var before = ((MemoryPageBlob)earlier)._content!;
        for (var at = 0; at < _content!.Length; at += Page)
        {
            var range = new ByteRange(at, Math.Min(Page, _content.Length - at));
            var isSame = range.End <= before.Length
                && _content.AsSpan(at, (int)range.Length).SequenceEqual(before.AsSpan(at, (int)range.Length));
            if (!isSame && !Hides(range)) yield return range;
        }
    }

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _content.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public Task<bool> ExistsAsync(CancellationToken cancellationToken) => Task.FromResult(_content is not null);

    public Task CreateAsync(long length, CancellationToken cancellationToken)
    {
        _content = new byte[length];
        return Task.CompletedTask;
    }

    public Task WriteAsync(long offset, ReadOnlyMemory<byte> pages, CancellationToken cancellationToken)
    {
        pages.Span.CopyTo(_content.AsSpan((int)offset));
        return Task.CompletedTask;
    }

    public Task ClearAsync(ByteRange range, CancellationToken cancellationToken)
    {
        _content.AsSpan((int)range.Offset, (int)range.Length).Clear();
        return Task.CompletedTask;
    }

    public Task<string> CreateSnapshotAsync(CancellationToken cancellationToken) =>
        CreateSnapshotAsync(new Dictionary<string, string>(), cancellationToken);

    public Task<string> CreateSnapshotAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var name = $"2026-01-01T00:00:00.{_snapshots.Count:0000000}Z{Guid.NewGuid():n}";
            _snapshots.Add(name, Copy());
            _metadata[name] = metadata;
            return Task.FromResult(name);
        }
    }

    public async IAsyncEnumerable<PageBlobSnapshot> ListSnapshotsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var name in _snapshots.Keys.ToList()) yield return new PageBlobSnapshot(name, _metadata[name]);
    }

    public IPageBlobReader OpenSnapshot(string snapshot) => _snapshots[snapshot];

    public Task DeleteSnapshotAsync(string snapshot, CancellationToken cancellationToken)
    {
        lock (_gate) _snapshots.Remove(snapshot);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(CancellationToken cancellationToken)
    {
        _content = null;
        return Task.CompletedTask;
    }
}
