using System.Runtime.InteropServices;
using AzsBackup.Engine.Stacks;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzsBackup.Azure.Blobs;

/// <summary>A page blob, or one of its snapshots, opened with the account's key.</summary>
internal sealed class AccountPageBlob : PageBlobReader, IPageBlob
{
    // The service refuses pages that changed on their way (Content-MD5; its CRC64 is newer than the versions of stamps).
    private static readonly PageBlobUploadPagesOptions Checked = new()
    {
        TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
    };

    private readonly BlobGateway _gateway;
    private readonly StorageSharedKeyCredential _key;
    private readonly BlobClientOptions _options;
    private readonly PageBlobClient _client;

    /// <summary>Opens the blob at a URI, which may name a snapshot in its query.</summary>
    public AccountPageBlob(Uri uri, StorageSharedKeyCredential key, BlobGateway gateway, BlobClientOptions options) : base(gateway)
    {
        Uri = uri;
        _key = key;
        _gateway = gateway;
        _options = options;
        _client = new PageBlobClient(uri, key, options);
    }

    /// <inheritdoc/>
    public Uri Uri { get; }

    private string? SnapshotName => new BlobUriBuilder(Uri).Snapshot is { Length: > 0 } snapshot ? snapshot : null;

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(CancellationToken cancellationToken) => WithClientAsync(
        async client => (await client.ExistsAsync(cancellationToken).ConfigureAwait(false)).Value, cancellationToken);

    /// <inheritdoc/>
    public Task CreateAsync(long length, CancellationToken cancellationToken) => WithClientAsync(
        client => client.CreateAsync(length, new PageBlobCreateOptions(), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(long offset, ReadOnlyMemory<byte> pages, CancellationToken cancellationToken) => WithClientAsync(
        async client =>
        {
            using var content = StreamOf(pages);
            return await client.UploadPagesAsync(content, offset, Checked, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ClearAsync(ByteRange range, CancellationToken cancellationToken) => WithClientAsync(
        client => client.ClearPagesAsync(new HttpRange(range.Offset, range.Length), cancellationToken: cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateSnapshotAsync(CancellationToken cancellationToken) => WithClientAsync(
        async client => (await client.CreateSnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Value.Snapshot,
        cancellationToken);

    /// <inheritdoc/>
    public IPageBlobReader OpenSnapshot(string snapshot) => AtSnapshot(snapshot);

    /// <inheritdoc/>
    public Task DeleteSnapshotAsync(string snapshot, CancellationToken cancellationToken) => AtSnapshot(snapshot).WithClientAsync(
        client => client.DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(CancellationToken cancellationToken) => WithClientAsync(
        client => client.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken), cancellationToken);

    /// <inheritdoc/>
    protected override string Describe() => Uri.AbsoluteUri;

    /// <inheritdoc/>
    protected override Task<T> WithClientAsync<T>(Func<PageBlobClient, Task<T>> request, CancellationToken cancellationToken) =>
        BlobFailure.GuardAsync(Uri, () => request(_client), cancellationToken);

    /// <inheritdoc/>
    protected override async Task<PageRangesInfo> ListChangesAsync(
        PageBlobClient client, IPageBlobReader earlier, HttpRange window, CancellationToken cancellationToken)
    {
        if (earlier is not AccountPageBlob { SnapshotName: { } snapshot })
            throw new ArgumentException("The earlier snapshot is none of a blob of this account.", nameof(earlier));
        return await client.GetPageRangesDiffAsync(window, null, snapshot, null, cancellationToken).ConfigureAwait(false);
    }

    private AccountPageBlob AtSnapshot(string snapshot) =>
        new(new Uri($"{Uri.AbsoluteUri}?snapshot={Uri.EscapeDataString(snapshot)}"), _key, _gateway, _options);

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> pages) => MemoryMarshal.TryGetArray(pages, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(pages.ToArray(), writable: false);
}
