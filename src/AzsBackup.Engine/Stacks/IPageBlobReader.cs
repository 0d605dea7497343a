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
    /// Reads exactly <paramref name="buffer"/>'s length from <paramref name="offset"/>. A body that ends early is read again
    /// from where it broke; the call never returns less. One call takes up to 4 MiB.
    /// </summary>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}
