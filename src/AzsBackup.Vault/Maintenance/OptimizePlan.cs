namespace AzsBackup.Vault.Maintenance;

/// <summary>What optimizing would free, as of now.</summary>
/// <param name="ChunksToCondemn">Chunks that no point needs and that are not condemned yet.</param>
/// <param name="BytesToCondemn">Their size in the store.</param>
/// <param name="ChunksCondemned">Chunks that are condemned and that still no point needs: they go when the grace period is over.</param>
/// <param name="BytesCondemned">Their size in the store.</param>
public sealed record OptimizePlan(long ChunksToCondemn, long BytesToCondemn, long ChunksCondemned, long BytesCondemned);
