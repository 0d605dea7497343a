using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Inventory;

/// <summary>A resource as an inventory shows it.</summary>
/// <param name="id">Its id.</param>
/// <param name="entry">What became of it in the capture.</param>
/// <param name="body">Its body; an empty object if the capture has none.</param>
public sealed class InventoryResource(ResourceId id, CaptureEntry entry, JsonElement body)
{
    /// <summary>Its id.</summary>
    public ResourceId Id => id;

    /// <summary>What became of it in the capture.</summary>
    public CaptureEntry Entry => entry;

    /// <summary>Its body; an empty object if the capture has none.</summary>
    public JsonElement Body => body;

    /// <summary>Its name; for a child, the names from the top, joined by <c>/</c>.</summary>
    public string Name => Id.FullName;

    /// <summary>Its location; null if it has none of its own.</summary>
    public string? Location => Body.TextAt("location");

    /// <summary>The id of the element that stands for it on a page: the same in every inventory, wherever the resource stands.</summary>
    public string Anchor { get; } = AnchorOf("r", id.ToString());

    /// <summary>Its tags, by name.</summary>
    public IEnumerable<(string Name, string Value)> Tags => Body.At("tags") is { ValueKind: JsonValueKind.Object } tags
        ? tags.EnumerateObject()
            .Where(tag => tag.Value.ValueKind == JsonValueKind.String)
            .Select(tag => (tag.Name, tag.Value.GetString()!))
            .OrderBy(tag => tag.Name, StringComparer.OrdinalIgnoreCase)
        : [];

    /// <summary>The id of a page's element for something that has an ARM id.</summary>
    /// <param name="prefix">Tells apart several elements for the same thing.</param>
    /// <param name="id">The ARM id.</param>
    internal static string AnchorOf(string prefix, string id) =>
        prefix + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id.ToUpperInvariant())))[..12].ToLowerInvariant();
}
