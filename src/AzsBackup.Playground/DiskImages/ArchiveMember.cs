namespace AzsBackup.Playground.DiskImages;

/// <summary>Where a file lies in an archive on a disk.</summary>
/// <param name="Name">Its name in the archive.</param>
/// <param name="Offset">Where its header begins, in bytes from the start of the disk.</param>
/// <param name="Length">The length of its header and content with padding, in bytes: a multiple of 512.</param>
internal readonly record struct ArchiveMember(string Name, long Offset, long Length);
