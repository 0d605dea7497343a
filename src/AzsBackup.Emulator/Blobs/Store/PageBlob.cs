using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A page blob: a volume. An exported disk is one whose volume belongs to the disk.</summary>
internal sealed class PageBlob(BlobProperties properties, PageVolume volume, bool ownsVolume = true) : Blob(properties)
{
    public const string TypeName = "PageBlob";

    public PageVolume Volume { get; } = volume;

    public override long Length => Volume.Length;

    public override string Type => TypeName;

    public override Blob TakeSnapshot(string time, BlobProperties properties) => new PageBlob(properties, Volume.Snapshot()) { Snapshot = time };

    public override Blob Duplicate(BlobProperties properties) => new PageBlob(properties, Volume.Fork());

    public override BlobRecord ToRecord() => new(TypeName, Snapshot, Properties) { Volume = Volume, OwnsVolume = ownsVolume };

    public override void Dispose()
    {
        if (ownsVolume)
            Volume.Dispose();
    }
}
