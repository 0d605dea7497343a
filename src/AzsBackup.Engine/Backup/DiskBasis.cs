using AzsBackup.Engine.Disks;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>What a disk's backup builds on.</summary>
/// <param name="Index">Where the vault holds the bytes of the earlier point's disk.</param>
/// <param name="Snapshot">The stack's snapshot with those very bytes.</param>
internal sealed record DiskBasis(StreamIndex Index, EarlierSnapshot Snapshot);
