namespace AzsBackup.Vault;

/// <summary>A chunk at its place in a stream.</summary>
/// <param name="Number">Its offset in the stream divided by the vault's chunk size.</param>
/// <param name="Chunk">The chunk.</param>
public readonly record struct StreamChunk(long Number, ChunkReference Chunk);
