namespace AzsBackup.Engine.Disks;

/// <summary>
/// What a recovery point remembers of a snapshot that stays on the stack until the next point, so that the stack can tell
/// what changed since.
/// </summary>
/// <param name="Id">The snapshot's ARM id, or the name (timestamp) of a blob snapshot.</param>
/// <param name="MadeAt">
/// The stack's own words for when it was made: a snapshot of this id made at another time is another one. Null for a blob
/// snapshot, whose name says it.
/// </param>
public sealed record KeptSnapshot(string Id, string? MadeAt);
