using AzsBackup.Engine.Reporting;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>Tables about all resources together. Pure.</summary>
internal static class OverviewTables
{
    // Of a tag that is everywhere nobody reads who has it.
    private const int MostResources = 12;

    /// <summary>How many resources there are of each type.</summary>
    public static ReportTable ByType(ResourceInventory inventory, ReportText text) =>
        Counts("types", "column.type", inventory.Resources.GroupBy(resource => resource.Id.Type, StringComparer.OrdinalIgnoreCase)
            .Select(type => (ResourceTables.Title(type.Key, text), (string?)("table-" + ResourceTables.FileName(type.Key)), type.Count())), text);

    /// <summary>How many resources there are in each resource group.</summary>
    public static ReportTable ByGroup(ResourceInventory inventory, ReportText text) =>
        Counts("groups", "column.group", inventory.Resources.GroupBy(resource => resource.Id.ResourceGroupName ?? "", StringComparer.OrdinalIgnoreCase)
            .Select(group => group.Key.Length == 0
                ? (text["overview.subscription"], null, group.Count())
                : (group.Key, inventory.Find($"/subscriptions/{group.First().Id.SubscriptionId}/resourceGroups/{group.Key}")?.Anchor, group.Count())), text);

    /// <summary>How many resources there are at each location.</summary>
    public static ReportTable ByLocation(ResourceInventory inventory, ReportText text) =>
        Counts("locations", "column.location", inventory.Resources.GroupBy(resource => resource.Location ?? "", StringComparer.OrdinalIgnoreCase)
            .Select(location => (location.Key.Length == 0 ? text["overview.nowhere"] : location.Key, (string?)null, location.Count())), text);

    /// <summary>Everything that was not captured whole, with the reason.</summary>
    public static ReportTable Missing(ResourceInventory inventory, ReportText text) => new(
        "missing",
        text["table.missing"],
        [new(text["column.resource"]), new(text["column.status"]), new(text["column.reason"])],
        [
            .. inventory.RefusedListings.Select(entry => new ReportRow(
                [ReportCell.Of(entry.Id), ReportCell.Of(text["status.Failed"], ReportTone.Bad), ReportCell.Of(entry.Reason)])),
            .. inventory.Resources.Where(resource => resource.Entry.Status != AzsCaptureStatus.Captured).Select(resource => new ReportRow(
                [ReportCell.Link(resource.Id.ToString(), resource.Anchor), ResourceTables.Status(resource, text), ReportCell.Of(resource.Entry.Reason)])),
        ]);

    /// <summary>Who carries which tag.</summary>
    public static ReportTable Tags(ResourceInventory inventory, ReportText text) => new(
        "tags",
        text["table.tags"],
        [new(text["column.tag"]), new(text["column.value"]), new(text["column.count"], true), new(text["column.resources"])],
        inventory.Resources.SelectMany(resource => resource.Tags.Select(tag => (tag.Name, tag.Value, Resource: resource)))
            .GroupBy(tag => (Name: tag.Name.ToLowerInvariant(), tag.Value))
            .OrderBy(tag => tag.Key.Name, StringComparer.Ordinal).ThenBy(tag => tag.Key.Value, StringComparer.Ordinal)
            .Select(tag => new ReportRow(
            [
                ReportCell.Of(tag.First().Name),
                ReportCell.Of(tag.Key.Value),
                ReportCell.Of((long?)tag.Count()),
                ReportCell.Of(tag.Take(MostResources).Select(carried => ResourceLinks.To(carried.Resource))
                    .Concat(tag.Count() > MostResources ? [new ReportPart(text.Format("tags.more", tag.Count() - MostResources))] : [])),
            ])).ToList());

    /// <summary>Every resource, one line each: for a file.</summary>
    public static ReportTable Resources(ResourceInventory inventory, ReportText text) => new(
        "resources",
        text["table.resources"],
        [
            new(text["column.id"]), new(text["column.type"]), new(text["column.name"]), new(text["column.group"]), new(text["column.subscription"]),
            new(text["column.location"]), new(text["column.tags"]), new(text["column.apiVersion"]), new(text["column.status"]), new(text["column.reason"]),
        ],
        inventory.Resources.Select(resource => new ReportRow(
            [
                ReportCell.Of(resource.Id.ToString()),
                ReportCell.Of(resource.Id.Type),
                ReportCell.Of(resource.Name),
                ReportCell.Of(resource.Id.ResourceGroupName),
                ReportCell.Of(resource.Id.SubscriptionId),
                ReportCell.Of(resource.Location),
                ReportCell.Of(resource.Tags.Select(tag => $"{tag.Name}={tag.Value}")),
                ReportCell.Of(resource.Entry.ApiVersion),
                ResourceTables.Status(resource, text),
                ReportCell.Of(resource.Entry.Reason),
            ])).ToList());

    private static ReportTable Counts(string name, string column, IEnumerable<(string Name, string? Target, int Count)> counts, ReportText text) => new(
        name,
        text["table." + name],
        [new(text[column]), new(text["column.count"], true)],
        counts.OrderByDescending(count => count.Count).ThenBy(count => count.Name, StringComparer.OrdinalIgnoreCase)
            .Select(count => new ReportRow([count.Target is null ? ReportCell.Of(count.Name) : ReportCell.Link(count.Name, count.Target), ReportCell.Of((long?)count.Count)])).ToList());
}
