namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A storage account in a fact.</summary>
internal sealed record AccountRecord(string Name, IReadOnlyList<byte[]> Keys);
