using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>What need not be read of a disk, because a run that died has read it.</summary>
/// <param name="Chunks">The chunks by number; all of them are in the vault.</param>
/// <param name="IsSameSnapshot">Whether they are of the very snapshot that is read now; else the stack says that they are the same in it.</param>
internal sealed record TakenOver(IReadOnlyDictionary<long, ChunkReference> Chunks, bool IsSameSnapshot)
{
    /// <summary>Nothing.</summary>
    public static TakenOver Nothing { get; } = new(new Dictionary<long, ChunkReference>(), IsSameSnapshot: true);
}
