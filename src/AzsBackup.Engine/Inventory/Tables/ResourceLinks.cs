using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>Makes links from ids. What the capture does not hold is named without a link.</summary>
internal static class ResourceLinks
{
    /// <summary>A link to what has an id: a resource, or the one it is part of. Nothing for no id.</summary>
    public static IEnumerable<ReportPart> To(ResourceInventory inventory, string? id)
    {
        if (string.IsNullOrEmpty(id)) return [];
        var found = inventory.Find(id);
        var whole = found is not null && found.Id.ToString().Equals(id, StringComparison.OrdinalIgnoreCase);
        if (whole) return [To(found!)];
        var name = id[(id.TrimEnd('/').LastIndexOf('/') + 1)..];
        return found is null || found.Id.Type.StartsWith("Microsoft.Resources/", StringComparison.OrdinalIgnoreCase)
            ? [new ReportPart(name)]
            : [new ReportPart($"{found.Name}/{name}", id.Contains("/subnets/", StringComparison.OrdinalIgnoreCase) ? InventoryResource.AnchorOf("s", id) : found.Anchor)];
    }

    /// <summary>A link to a resource.</summary>
    public static ReportPart To(InventoryResource resource) => new(resource.Name, resource.Anchor);
}
