using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Reads a page blob.</summary>
internal sealed class PageContentReader(PageVolume volume) : IContentReader
{
    public void Read(long offset, Span<byte> buffer) => volume.Read(offset, buffer);

    public void Dispose()
    {
        // The volume is the blob's.
    }
}
