namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A block blob: files in a row.</summary>
internal sealed class BlockBlob(BlobProperties properties, IReadOnlyList<BlobBlock> blocks) : Blob(properties)
{
    public const string TypeName = "BlockBlob";

    /// <summary>The content. A blob put in one request is one block without an id.</summary>
    public IReadOnlyList<BlobBlock> Blocks { get; } = blocks;

    public override long Length { get; } = blocks.Sum(b => b.Content.Length);

    public override string Type => TypeName;

    public override Blob TakeSnapshot(string time, BlobProperties properties) => new BlockBlob(properties, SharedBlocks()) { Snapshot = time };

    public override Blob Duplicate(BlobProperties properties) => new BlockBlob(properties, SharedBlocks());

    public override BlobRecord ToRecord() =>
        new(TypeName, Snapshot, Properties) { Blocks = [.. Blocks.Select(block => BlockRecord.Of(block.Id, block.Content))] };

    public override void Dispose()
    {
        foreach (var block in Blocks)
            block.Content.Release();
    }

    private IReadOnlyList<BlobBlock> SharedBlocks()
    {
        foreach (var block in Blocks)
            block.Content.AddUser();
        return Blocks;
    }
}
