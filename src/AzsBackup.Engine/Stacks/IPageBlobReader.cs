namespace AzsBackup.Engine.Stacks;

/// <summary>
/// A page blob that can be read: an exported disk or snapshot, or a blob in a storage account. Retries what may be retried.
/// Failures are <see cref="Model.AzsException"/>. Safe for concurrent use.
/// </summary>
public interface IPageBlobReader
{
    /// <summary>The blob's length in bytes, the VHD footer included; a multiple of 512.</summary>
    ValueTask<long> GetLengthAsync(CancellationToken cancellationToken);

    /// <summary>The allocated ranges, ascending, not overlapping, aligned to 512 bytes. What is in none of them reads as zeros.</summary>
    IAsyncEnumerable<ByteRange> GetRangesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The ranges whose bytes may differ from those of an earlier snapshot of the same disk, zeroed ones among them:
    /// ascending, not overlapping, aligned to 512 bytes. As good as the service's own books; callers check samples.
    /// Source: Get Page Ranges, <c>prevsnapshot</c> (2015-07-08) and <c>x-ms-previous-snapshot-url</c> (2019-07-07, managed disks).
    /// </summary>
    /// <param name="earlier">The earlier snapshot, opened from the same stack in the same way.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="Model.AzsException"><c>ChangesNotReported</c>: the service can't compare these two (kind NotSupported), or fails whenever it is asked to (StorageFailed).</exception>
    IAsyncEnumerable<ByteRange> GetChangesAsync(IPageBlobReader earlier, CancellationToken cancellationToken);

    /// <summary>
    /// Reads exactly <paramref name="buffer"/>'s length from <paramref name="offset"/>. A body that ends early is read again
    /// from where it broke; the call never returns less. One call takes up to 4 MiB.
    /// </summary>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}
