namespace AzsBackup.Engine.Inspection;

/// <summary>An entry of a partition table.</summary>
/// <param name="Number">Its number, as Linux counts: from 1.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Type">What its table says it is for.</param>
/// <param name="Name">Its name; empty if it has none.</param>
public sealed record Partition(int Number, long Offset, long Length, string Type, string Name);
