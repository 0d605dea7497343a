namespace AzsBackup.Engine.Inspection;

/// <summary>A partition table that was found on a disk.</summary>
/// <param name="Kind"><c>GPT</c> or <c>MBR</c>.</param>
/// <param name="Partitions">What it lists.</param>
/// <param name="Damage">What is wrong with it, in one sentence each.</param>
public sealed record PartitionTable(string Kind, IReadOnlyList<Partition> Partitions, IReadOnlyList<string> Damage);
