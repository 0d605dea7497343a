using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>One disk of a run.</summary>
/// <param name="DiskId">The disk's ARM id, or its blob's URI.</param>
/// <param name="Kept">How to find its snapshot again.</param>
internal sealed record RunSnapshotDisk(string DiskId, KeptSnapshot Kept);
