namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>What lies under a blob name, in a fact: the blob and its lease, or one of its snapshots, or a block that waits for a block list.</summary>
internal sealed record SlotRecord(string Account, string Container, string Name)
{
    public BlobRecord? Blob { get; init; }

    public LeaseTerms? Lease { get; init; }

    public BlockRecord? Block { get; init; }
}
