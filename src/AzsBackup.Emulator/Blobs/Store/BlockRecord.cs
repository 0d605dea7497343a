namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A block in a fact: its id as the client gave it, the number of its file, and its bytes.</summary>
internal sealed record BlockRecord(string? Id, long Content, long Length)
{
    public static BlockRecord Of(string? id, ContentFile content) => new(id, content.Id, content.Length);
}
