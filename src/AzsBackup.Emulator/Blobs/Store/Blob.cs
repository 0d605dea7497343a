namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A blob or one of its snapshots. Guarded by the slot it lies in.</summary>
internal abstract class Blob(BlobProperties properties) : IDisposable
{
    public BlobProperties Properties { get; set; } = properties;

    /// <summary>When the snapshot was taken, in the form of the snapshot query parameter; null for the blob itself.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Bytes.</summary>
    public abstract long Length { get; }

    /// <summary>The value of x-ms-blob-type.</summary>
    public abstract string Type { get; }

    /// <summary>A blob that stays as this one is now.</summary>
    public abstract Blob TakeSnapshot(string time, BlobProperties properties);

    /// <summary>A blob of its own that begins with this one's bytes.</summary>
    public abstract Blob Duplicate(BlobProperties properties);

    /// <summary>What is kept of it, so that it can be made again after a restart.</summary>
    public abstract BlobRecord ToRecord();

    /// <summary>Gives the content back.</summary>
    public abstract void Dispose();
}
