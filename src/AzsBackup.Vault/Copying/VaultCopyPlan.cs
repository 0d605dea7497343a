namespace AzsBackup.Vault.Copying;

/// <summary>What a copy would do.</summary>
/// <param name="MakesVault">Whether the destination is empty, so that a vault would be made there.</param>
/// <param name="PointsToCopy">Points the destination lacks.</param>
/// <param name="PointsPresent">Points it has.</param>
/// <param name="ChunksToCopy">Chunks it lacks.</param>
/// <param name="BytesToCopy">Their size as stored, in bytes.</param>
/// <param name="PointsDamaged">Points of which the source lacks a chunk or can't read the header or an index: they can't be copied.</param>
public sealed record VaultCopyPlan(bool MakesVault, int PointsToCopy, int PointsPresent, long ChunksToCopy, long BytesToCopy, int PointsDamaged);
