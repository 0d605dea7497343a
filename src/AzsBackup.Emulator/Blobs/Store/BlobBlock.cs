namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A block and its id as the client gave it (base64); null for content put in one request.</summary>
internal sealed record BlobBlock(string? Id, ContentFile Content);
