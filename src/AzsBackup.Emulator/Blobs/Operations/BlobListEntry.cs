using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>One entry of a blob list. Without properties it is a common prefix.</summary>
internal sealed record BlobListEntry(string Name, string? Snapshot, BlobProperties? Properties, long Length, string Type, (string Status, string State, string? Duration)? Lease = null);
