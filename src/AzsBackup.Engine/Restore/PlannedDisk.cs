using System.Text.Json.Nodes;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Restore;

/// <summary>A disk of a recovery point that is to be made on a stack.</summary>
/// <param name="Source">The disk in the point.</param>
/// <param name="Target">The disk as it will be.</param>
/// <param name="Body">The body of the managed disk, but for where its bytes come from; null for an unmanaged one.</param>
/// <param name="Account">The storage account of an unmanaged disk; null for a managed one.</param>
public sealed record PlannedDisk(AzsRecoveryPointDisk Source, RebuildDisk Target, JsonObject? Body, ResourceBody? Account = null)
{
    /// <summary>The container that unmanaged disks are made in.</summary>
    internal const string Container = "vhds";

    /// <summary>The name of an unmanaged disk's blob in its container.</summary>
    internal string BlobName => Uri.UnescapeDataString(Target.Blob!.Segments[^1]);
}
