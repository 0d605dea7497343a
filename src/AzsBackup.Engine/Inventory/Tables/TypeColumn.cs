using AzsBackup.Engine.Reporting;

namespace AzsBackup.Engine.Inventory.Tables;

/// <summary>A column of the table of one resource type.</summary>
/// <param name="Key">Its heading's key among the words of reports.</param>
/// <param name="Read">Reads a resource's cell.</param>
/// <param name="IsNumber">Whether it holds numbers.</param>
internal sealed record TypeColumn(string Key, Func<InventoryResource, ResourceInventory, ReportCell> Read, bool IsNumber = false)
{
    /// <summary>A column that shows the text, number or truth value at a path of the body.</summary>
    public static TypeColumn Of(string key, params string[] path) => new(key, (resource, _) => ReportCell.Of(resource.Body.ScalarAt(path)));

    /// <summary>A column that shows the number at a path of the body.</summary>
    public static TypeColumn Number(string key, params string[] path) => new(key, (resource, _) => ReportCell.Of(resource.Body.NumberAt(path)), IsNumber: true);

    /// <summary>A column that shows how many items the list at a path of the body has.</summary>
    public static TypeColumn Count(string key, params string[] path) =>
        new(key, (resource, _) => ReportCell.Of((long?)resource.Body.ItemsAt(path).Count()), IsNumber: true);

    /// <summary>A column that leads to the resource whose id stands at a path of the body.</summary>
    public static TypeColumn Link(string key, params string[] path) =>
        new(key, (resource, inventory) => ReportCell.Of(ResourceLinks.To(inventory, resource.Body.TextAt(path))));

    /// <summary>A column that leads to every resource whose id stands in the items of a list of the body.</summary>
    public static TypeColumn Links(string key, Func<InventoryResource, IEnumerable<string?>> ids) =>
        new(key, (resource, inventory) => ReportCell.Of(ids(resource).SelectMany(id => ResourceLinks.To(inventory, id)).Distinct()));
}
