using System.Text.Json.Nodes;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Restore;

/// <summary>The managed disks that a restore in place took from a VM, known by their tags until the restore is completed.</summary>
internal sealed class ReplacedDisks(IStack stack)
{
    private const string VmTag = "azsbackup-replaced-vm";
    private const string SlotTag = "azsbackup-replaced-slot";

    /// <summary>The disks that were taken from a VM, each with its place in it.</summary>
    public async Task<IReadOnlyList<(RebuildDisk Disk, ResourceBody Body)>> FindAsync(ResourceId vm, CancellationToken cancellationToken)
    {
        var found = new List<(RebuildDisk, ResourceBody)>();
        var path = $"/subscriptions/{vm.SubscriptionId}/providers/{ResourceTypes.Disk}";
        await foreach (var disk in stack.Resources.ListAsync(path, ResourceTypes.Disk, cancellationToken).ConfigureAwait(false))
        {
            if (!TagFor(vm).Equals(disk.FindText("tags", VmTag), StringComparison.OrdinalIgnoreCase) || disk.FindText("tags", SlotTag) is not { } slot) continue;
            int? lun = slot.StartsWith("lun", StringComparison.Ordinal) && int.TryParse(slot.AsSpan(3), out var number) ? number : null;
            var size = disk.Find("properties", "diskSizeBytes")?.GetInt64() ?? (disk.Find("properties", "diskSizeGB")?.GetInt64() ?? 0) << 30;
            found.Add((new RebuildDisk { Lun = lun, SizeBytes = size, ManagedDisk = disk.Id }, disk));
        }

        return found;
    }

    /// <summary>Marks a disk as taken from a VM.</summary>
    public Task MarkAsync(ResourceId vm, RebuildDisk disk, CancellationToken cancellationToken) => TagAsync(
        disk.ManagedDisk!,
        tags =>
        {
            tags[VmTag] = TagFor(vm);
            tags[SlotTag] = VmDisk.SlotOf(disk.Lun);
        },
        cancellationToken);

    /// <summary>Takes the mark off again.</summary>
    public Task UnmarkAsync(ResourceId disk, CancellationToken cancellationToken) => TagAsync(
        disk,
        tags =>
        {
            tags.Remove(VmTag);
            tags.Remove(SlotTag);
        },
        cancellationToken);

    // Microsoft.Resources allows 256 characters in a tag's value.
    private static string TagFor(ResourceId vm) => vm.ToString() is { Length: <= 256 } id ? id : vm.FullName;

    private async Task TagAsync(ResourceId disk, Action<JsonObject> change, CancellationToken cancellationToken)
    {
        if (await stack.Resources.FindAsync(disk, cancellationToken).ConfigureAwait(false) is not { } now) return;
        var body = BodyJson.Begin(now, now.FindText("location") ?? stack.Connection.Location);
        BodyJson.Copy(now.Json, body, "sku");
        (body["sku"] as JsonObject)?.Remove("tier");
        var properties = new JsonObject();
        if (now.Find("properties") is { } before) BodyJson.Copy(before, properties, "creationData", "osType", "diskSizeGB");
        (properties["creationData"] as JsonObject)?.Remove("sourceUniqueId");
        body["properties"] = properties;
        var tags = body["tags"] as JsonObject ?? [];
        change(tags);
        body["tags"] = tags.DeepClone();
        await stack.Resources.PutAsync(disk, body, cancellationToken).ConfigureAwait(false);
    }
}
