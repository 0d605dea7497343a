using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A blob or a snapshot in a fact.</summary>
/// <param name="Type">The value of x-ms-blob-type.</param>
/// <param name="Snapshot">When the snapshot was taken; null for the blob itself.</param>
/// <param name="Properties">Everything but the bytes.</param>
internal sealed record BlobRecord(string Type, string? Snapshot, BlobProperties Properties)
{
    /// <summary>The bytes of a page blob.</summary>
    public PageVolume? Volume { get; init; }

    /// <summary>False for an exported disk.</summary>
    public bool OwnsVolume { get; init; } = true;

    /// <summary>The bytes of other blobs.</summary>
    public IReadOnlyList<BlockRecord>? Blocks { get; init; }
}
