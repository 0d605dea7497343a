namespace AzsBackup.Vault.Format;

/// <summary>A chunk object in a condemned list.</summary>
/// <param name="Name">The chunk's name.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Length">The object's length in bytes, as stored.</param>
internal readonly record struct CondemnedChunk(ChunkName Name, int Generation, int Length);
