using AzsBackup.Engine.Reporting;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>One table for each resource type. Pure.</summary>
public static class ResourceTables
{
    private const int MostReferences = 6;

    private static readonly Dictionary<string, TypeColumn[]> ByType = ComputeColumns.All.Concat(NetworkColumns.All).Concat(OtherColumns.All)
        .ToDictionary(pair => pair.Type, pair => pair.Columns, StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Order = [.. ByType.Keys];

    // Of a type nothing is known about: what it is and what it refers to.
    private static readonly TypeColumn[] Unknown =
    [
        TypeColumn.Of("column.kind", "kind"),
        TypeColumn.Of("column.sku", "sku", "name"),
        new("column.references", (resource, inventory) => ReportCell.Of(inventory.References(resource).Take(MostReferences).Select(ResourceLinks.To))),
    ];

    /// <summary>The tables, the types people look for first before the others, by name.</summary>
    public static IReadOnlyList<ReportTable> Of(ResourceInventory inventory, ReportText text) => inventory.Resources
        .GroupBy(resource => resource.Id.Type, StringComparer.OrdinalIgnoreCase)
        .OrderBy(type => Rank(type.Key)).ThenBy(type => type.Key, StringComparer.OrdinalIgnoreCase)
        .Select(type => Of(type.Key, type.ToList(), inventory, text))
        .ToList();

    /// <summary>What a type is called.</summary>
    public static string Title(string type, ReportText text) => text.Find("type." + type.ToLowerInvariant(), type);

    private static int Rank(string type)
    {
        var known = Array.FindIndex(Order, candidate => candidate.Equals(type, StringComparison.OrdinalIgnoreCase));
        return type.Equals("Microsoft.Resources/resourceGroups", StringComparison.OrdinalIgnoreCase) ? -1 : known < 0 ? int.MaxValue : known;
    }

    private static ReportTable Of(string type, List<InventoryResource> resources, ResourceInventory inventory, ReportText text)
    {
        var columns = ByType.GetValueOrDefault(type, Unknown);
        var isGroup = type.Equals("Microsoft.Resources/resourceGroups", StringComparison.OrdinalIgnoreCase);
        var headings = new List<ReportColumn> { new(text["column.name"]) };
        if (!isGroup) headings.Add(new ReportColumn(text["column.group"]));
        if (!isGroup) headings.AddRange(columns.Select(column => new ReportColumn(text[column.Key], column.IsNumber)));
        headings.AddRange([new(text["column.location"]), new(text["column.tags"]), new(text["column.status"])]);
        var rows = resources.Select(resource => new ReportRow(
            [
                ReportCell.Of(resource.Name),
                .. isGroup ? [] : columns.Select(column => column.Read(resource, inventory)).Prepend(Group(resource, inventory)),
                ReportCell.Of(resource.Location),
                ReportCell.Of(resource.Tags.Select(tag => $"{tag.Name}={tag.Value}")),
                Status(resource, text),
            ],
            resource.Anchor)).ToList();
        return new ReportTable(FileName(type), Title(type, text), headings, rows);
    }

    private static ReportCell Group(InventoryResource resource, ResourceInventory inventory) => resource.Id.ResourceGroupName is { } group
        ? ReportCell.Of(ResourceLinks.To(inventory, $"/subscriptions/{resource.Id.SubscriptionId}/resourceGroups/{group}")) : ReportCell.Empty;

    internal static ReportCell Status(InventoryResource resource, ReportText text) => ReportCell.Of(
        text[$"status.{resource.Entry.Status}"],
        resource.Entry.Status switch
        {
            AzsCaptureStatus.Captured => ReportTone.Plain,
            AzsCaptureStatus.Failed => ReportTone.Bad,
            _ => ReportTone.Warning,
        });

    internal static string FileName(string type) => string.Concat(type.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'));
}
