namespace AzsBackup.Vault.Copying;

/// <summary>Where the copy of one point stands.</summary>
/// <param name="Point">The point.</param>
/// <param name="BytesDone">Plain bytes of its chunks that were copied or found there.</param>
/// <param name="BytesTotal">All of them.</param>
/// <param name="Finished">Whether this is the last word on the point.</param>
public sealed record VaultCopyProgress(PointHeader Point, long BytesDone, long BytesTotal, bool Finished);
