namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>An append blob: files in a row, to which others are added and none is taken away.</summary>
internal sealed class AppendBlob(BlobProperties properties, IEnumerable<BlobBlock> blocks) : Blob(properties)
{
    public const string TypeName = "AppendBlob";

    /// <summary>Blocks an append blob may have.</summary>
    public const int MaxBlocks = 50_000;

    private readonly List<BlobBlock> _blocks = [.. blocks];
    private long _length = blocks.Sum(b => b.Content.Length);

    /// <summary>The blocks so far; they have no ids.</summary>
    public IReadOnlyList<BlobBlock> Blocks => _blocks;

    public override long Length => _length;

    public override string Type => TypeName;

    /// <summary>Puts a block behind the others; it belongs to the blob from now on.</summary>
    public void Append(ContentFile content)
    {
        _blocks.Add(new BlobBlock(null, content));
        _length += content.Length;
    }

    public override Blob TakeSnapshot(string time, BlobProperties properties) => new AppendBlob(properties, SharedBlocks()) { Snapshot = time };

    public override Blob Duplicate(BlobProperties properties) => new AppendBlob(properties, SharedBlocks());

    public override BlobRecord ToRecord() =>
        new(TypeName, Snapshot, Properties) { Blocks = [.. _blocks.Select(block => BlockRecord.Of(block.Id, block.Content))] };

    public override void Dispose()
    {
        foreach (var block in _blocks)
            block.Content.Release();
    }

    private List<BlobBlock> SharedBlocks()
    {
        foreach (var block in _blocks)
            block.Content.AddUser();
        return _blocks;
    }
}
