namespace AzsBackup.Vault.Maintenance;

/// <summary>What optimizing would free, as of now.</summary>
/// <param name="PointsToRemove">Points whose delay has passed.</param>
/// <param name="PointsWaiting">Points that shall be removed and whose time has not come.</param>
/// <param name="ChunksToCondemn">Chunks that no point needs and that are not condemned yet; those included that only points to remove need.</param>
/// <param name="BytesToCondemn">Their size in the store.</param>
/// <param name="ChunksCondemned">Chunks that are condemned and that still no point needs: they go when the grace period is over.</param>
/// <param name="BytesCondemned">Their size in the store.</param>
public sealed record OptimizePlan(
    int PointsToRemove, int PointsWaiting, long ChunksToCondemn, long BytesToCondemn, long ChunksCondemned, long BytesCondemned);
