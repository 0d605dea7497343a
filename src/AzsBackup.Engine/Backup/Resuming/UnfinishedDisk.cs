using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>One disk of a run that died.</summary>
/// <param name="Kept">Its snapshot, as the run noted it.</param>
/// <param name="Snapshot">Holds the snapshot.</param>
/// <param name="Reader">Reads the snapshot.</param>
/// <param name="Length">The disk's length in bytes; 0 if nothing was written down.</param>
/// <param name="Chunks">What the run had put, by number.</param>
internal sealed record UnfinishedDisk(
    KeptSnapshot Kept, EarlierSnapshot Snapshot, IPageBlobReader Reader, long Length, IReadOnlyDictionary<long, ChunkReference> Chunks);
