using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>One disk in the vault, ready to be published.</summary>
/// <param name="Stream">Its bytes.</param>
/// <param name="Disk">What the point says of it.</param>
/// <param name="Report">What the run learnt of the stack's change reports.</param>
internal sealed record DiskBackupResult(StreamDraft Stream, VmPointDisk Disk, ChangeReport Report);
