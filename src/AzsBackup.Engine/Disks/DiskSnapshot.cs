using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>A frozen image of one disk, ready to be read.</summary>
/// <param name="Disk">The disk it was made of.</param>
/// <param name="CreatedAt">When it was made (UTC), by this machine's clock.</param>
/// <param name="Reader">Reads it, VHD footer included.</param>
/// <param name="Reference">How to find it again, should it be kept; null if the stack tells too little.</param>
public sealed record DiskSnapshot(VmDisk Disk, DateTime CreatedAt, IPageBlobReader Reader, KeptSnapshot? Reference);
