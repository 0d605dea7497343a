using AzsBackup.Engine.Stacks;

namespace AzsBackup.Tests.Engine.Restore;

/// <summary>An account of an <see cref="InterruptedStack"/>: making a container, a blob, and each writing count as requests.</summary>
internal sealed class InterruptedAccount(InterruptedStack stack, IBlobAccount inner) : IBlobAccount
{
    public Task EnsureContainerAsync(string container, CancellationToken cancellationToken) =>
        DoAsync(() => inner.EnsureContainerAsync(container, cancellationToken), cancellationToken);

    public IPageBlob OpenPageBlob(string container, string name) => new InterruptedBlob(this, inner.OpenPageBlob(container, name));

    public Task PutDocumentAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.PutDocumentAsync(container, name, content, cancellationToken);

    public Task<byte[]?> FindDocumentAsync(string container, string name, CancellationToken cancellationToken) =>
        inner.FindDocumentAsync(container, name, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string container, string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(container, prefix, cancellationToken);

    private Task<bool> DoAsync(Func<Task> request, CancellationToken cancellationToken) => stack.CountAsync(
        async () =>
        {
            await request();
            return true;
        },
        cancellationToken);

    private sealed class InterruptedBlob(InterruptedAccount account, IPageBlob inner) : IPageBlob
    {
        public Uri Uri => inner.Uri;

        public Task<bool> ExistsAsync(CancellationToken cancellationToken) => inner.ExistsAsync(cancellationToken);

        public Task CreateAsync(long length, CancellationToken cancellationToken) =>
            account.DoAsync(() => inner.CreateAsync(length, cancellationToken), cancellationToken);

        public Task WriteAsync(long offset, ReadOnlyMemory<byte> pages, CancellationToken cancellationToken) =>
            account.DoAsync(() => inner.WriteAsync(offset, pages, cancellationToken), cancellationToken);

        public Task ClearAsync(ByteRange range, CancellationToken cancellationToken) => inner.ClearAsync(range, cancellationToken);

        public Task<string> CreateSnapshotAsync(CancellationToken cancellationToken) => inner.CreateSnapshotAsync(cancellationToken);

        public Task<string> CreateSnapshotAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken) =>
            inner.CreateSnapshotAsync(metadata, cancellationToken);

        public IAsyncEnumerable<PageBlobSnapshot> ListSnapshotsAsync(CancellationToken cancellationToken) => inner.ListSnapshotsAsync(cancellationToken);

        public IPageBlobReader OpenSnapshot(string snapshot) => inner.OpenSnapshot(snapshot);

        public Task DeleteSnapshotAsync(string snapshot, CancellationToken cancellationToken) => inner.DeleteSnapshotAsync(snapshot, cancellationToken);

        public Task DeleteAsync(CancellationToken cancellationToken) =>
            account.DoAsync(() => inner.DeleteAsync(cancellationToken), cancellationToken);

        public ValueTask<long> GetLengthAsync(CancellationToken cancellationToken) => inner.GetLengthAsync(cancellationToken);

        public IAsyncEnumerable<ByteRange> GetRangesAsync(CancellationToken cancellationToken) => inner.GetRangesAsync(cancellationToken);

        public IAsyncEnumerable<ByteRange> GetChangesAsync(IPageBlobReader earlier, CancellationToken cancellationToken) => inner.GetChangesAsync(earlier, cancellationToken);

        public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(offset, buffer, cancellationToken);
    }
}
