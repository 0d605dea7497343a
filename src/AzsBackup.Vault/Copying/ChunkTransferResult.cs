namespace AzsBackup.Vault.Copying;

/// <summary>What copying the chunks of a point has done.</summary>
/// <param name="ChunksCopied">How many chunks were put.</param>
/// <param name="BytesCopied">Their size as stored, in bytes.</param>
/// <param name="DamagedObjects">Chunks that are damaged or missing in the source.</param>
internal sealed record ChunkTransferResult(long ChunksCopied, long BytesCopied, IReadOnlyList<string> DamagedObjects);
