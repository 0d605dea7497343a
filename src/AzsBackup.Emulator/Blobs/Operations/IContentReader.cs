using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Reads a blob's bytes from the time it was made, whatever happens to the blob meanwhile short of deleting a page blob.</summary>
internal interface IContentReader : IDisposable
{
    /// <summary>Fills the buffer; the range lies within the blob.</summary>
    void Read(long offset, Span<byte> buffer);

    /// <summary>Makes a reader; call it within the slot the blob lies in.</summary>
    static IContentReader Of(Blob blob) => blob switch
    {
        PageBlob page => new PageContentReader(page.Volume),
        AppendBlob append => new BlockContentReader([.. append.Blocks]),
        BlockBlob block => new BlockContentReader(block.Blocks),
        _ => throw new InvalidOperationException($"A {blob.Type} has no reader."),
    };
}
