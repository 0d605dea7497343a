using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>A disk that a rebuilt VM gets.</summary>
public sealed record RebuildDisk
{
    /// <summary>The data disk's logical unit number; null for the OS disk.</summary>
    public int? Lun { get; init; }

    /// <summary>The size the guest sees, in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The managed disk, made or to be made; null if the disk is a page blob.</summary>
    public ResourceId? ManagedDisk { get; init; }

    /// <summary>The page blob of an unmanaged disk.</summary>
    public Uri? Blob { get; init; }

    /// <summary>The disk's ARM id, or its blob's URI.</summary>
    public string Place => ManagedDisk?.ToString() ?? Blob?.GetLeftPart(UriPartial.Path) ?? "";
}
