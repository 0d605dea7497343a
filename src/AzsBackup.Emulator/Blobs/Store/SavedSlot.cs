namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>What of a slot was last kept, so that a change writes only what it changed. Blobs, properties and terms are replaced, not altered, so references tell.</summary>
internal sealed class SavedSlot
{
    public Blob? Base { get; set; }

    public BlobProperties? Properties { get; set; }

    public LeaseTerms Lease { get; set; } = LeaseTerms.None;

    public Dictionary<string, BlobProperties> Snapshots { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ContentFile> Blocks { get; } = new(StringComparer.Ordinal);
}
