using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>One disk of a VM: a managed disk, or a page blob in one of the tenant's storage accounts.</summary>
public sealed record VmDisk
{
    /// <summary>The disk's name in the VM's storage profile.</summary>
    public required string Name { get; init; }

    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The managed disk; null if the disk is unmanaged.</summary>
    public ResourceId? ManagedDisk { get; init; }

    /// <summary>The page blob of an unmanaged disk; null if the disk is managed.</summary>
    public Uri? Blob { get; init; }

    /// <summary>What the disk is called where files and streams are named after it: <c>os</c> or <c>lun3</c>.</summary>
    public string Slot => SlotOf(Lun);

    /// <summary>The disk's ARM id, or its blob's URI.</summary>
    public string Id => ManagedDisk?.ToString() ?? Blob!.GetLeftPart(UriPartial.Path);

    /// <summary>What a disk at a LUN (null for the OS disk) is called where files and streams are named after it.</summary>
    public static string SlotOf(int? lun) => lun is { } number ? $"lun{number}" : "os";
}
