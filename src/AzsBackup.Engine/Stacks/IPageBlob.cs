namespace AzsBackup.Engine.Stacks;

/// <summary>A page blob in a storage account, which can be written and snapshotted as well.</summary>
public interface IPageBlob : IPageBlobReader
{
    /// <summary>The blob's URI, without any signature.</summary>
    Uri Uri { get; }

    /// <summary>Whether it exists.</summary>
    Task<bool> ExistsAsync(CancellationToken cancellationToken);

    /// <summary>Makes it, empty (all zeros), or empties it if it exists.</summary>
    /// <param name="length">Its length in bytes, a multiple of 512.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    Task CreateAsync(long length, CancellationToken cancellationToken);

    /// <summary>Writes pages. Offset and length are multiples of 512; one call takes up to 4 MiB.</summary>
    Task WriteAsync(long offset, ReadOnlyMemory<byte> pages, CancellationToken cancellationToken);

    /// <summary>Makes a range read as zeros. Offset and length are multiples of 512.</summary>
    Task ClearAsync(ByteRange range, CancellationToken cancellationToken);

    /// <summary>Snapshots it. Gives the snapshot's name, the service's timestamp.</summary>
    Task<string> CreateSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Snapshots it. Gives the snapshot's name, the service's timestamp.</summary>
    /// <param name="metadata">What to say of the snapshot: names are identifiers, values printable ASCII.</param>
    /// <param name="cancellationToken">Stops the request; the snapshot may exist all the same.</param>
    Task<string> CreateSnapshotAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>Its snapshots, oldest first; none if it does not exist.</summary>
    IAsyncEnumerable<PageBlobSnapshot> ListSnapshotsAsync(CancellationToken cancellationToken);

    /// <summary>A reader of one of its snapshots.</summary>
    IPageBlobReader OpenSnapshot(string snapshot);

    /// <summary>Deletes one of its snapshots. One that is gone already is no error.</summary>
    Task DeleteSnapshotAsync(string snapshot, CancellationToken cancellationToken);

    /// <summary>Deletes it with its snapshots. One that is gone already is no error.</summary>
    Task DeleteAsync(CancellationToken cancellationToken);
}
