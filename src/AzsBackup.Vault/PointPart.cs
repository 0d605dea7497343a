namespace AzsBackup.Vault;

/// <summary>A stream or a document of a point.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record PointPart(string Name, long Length);
