using System.Text.Json;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Inventory;

/// <summary>All resources of a capture, in memory, by id and by type.</summary>
public sealed class ResourceInventory
{
    private static readonly JsonElement NoBody = JsonSerializer.SerializeToElement(new object());

    private readonly Dictionary<string, InventoryResource> _byId;
    private readonly ILookup<string, InventoryResource> _byType;

    private ResourceInventory(CaptureContent content, List<InventoryResource> resources, List<CaptureEntry> refused)
    {
        Stack = content.Stack;
        CapturedAt = content.CapturedAt;
        Scopes = content.Scopes;
        Resources = resources;
        RefusedListings = refused;
        _byId = resources.ToDictionary(resource => resource.Id.ToString(), StringComparer.OrdinalIgnoreCase);
        _byType = resources.ToLookup(resource => resource.Id.Type, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The host name of the stack's Resource Manager endpoint.</summary>
    public string Stack { get; }

    /// <summary>When the capture was made (UTC).</summary>
    public DateTime CapturedAt { get; }

    /// <summary>What the capture was made of.</summary>
    public IReadOnlyList<ResourceId> Scopes { get; }

    /// <summary>The resources, by group, type and name.</summary>
    public IReadOnlyList<InventoryResource> Resources { get; }

    /// <summary>Parts of the listing that the stack refused.</summary>
    public IReadOnlyList<CaptureEntry> RefusedListings { get; }

    /// <summary>Reads a capture whole.</summary>
    /// <exception cref="AzsException">It can't be read.</exception>
    public static async Task<ResourceInventory> ReadAsync(CaptureContent content, CancellationToken cancellationToken)
    {
        var resources = new List<InventoryResource>();
        var refused = new List<CaptureEntry>();
        foreach (var entry in content.Entries)
        {
            if (!ResourceId.TryParse(entry.Id, out var id))
            {
                refused.Add(entry);
                continue;
            }

            var body = await content.FindBodyAsync(entry, cancellationToken).ConfigureAwait(false);
            resources.Add(new InventoryResource(id, entry, body ?? NoBody));
        }

        resources.Sort((one, other) => Compare(one.Id.ResourceGroupName, other.Id.ResourceGroupName) is not 0 and var byGroup ? byGroup
            : Compare(one.Id.Type, other.Id.Type) is not 0 and var byType ? byType
            : Compare(one.Name, other.Name) is not 0 and var byName ? byName
            : Compare(one.Id.ToString(), other.Id.ToString()));
        return new ResourceInventory(content, resources, refused);
    }

    /// <summary>The resource with an id, or else the nearest one it is part of; null if the capture has none of them.</summary>
    public InventoryResource? Find(string? id)
    {
        if (id is null || !ResourceId.TryParse(id, out var parsed)) return null;
        for (var at = parsed; at is not null; at = at.Parent)
        {
            if (_byId.TryGetValue(at.ToString(), out var found)) return found;
        }

        return null;
    }

    /// <summary>The resources of a type, in order.</summary>
    public IEnumerable<InventoryResource> OfType(string type) => _byType[type];

    /// <summary>The resources a resource's body refers to, itself and its groups left out, each once, in order of mention.</summary>
    public IEnumerable<InventoryResource> References(InventoryResource resource) => Ids(resource.Body)
        .Select(Find)
        .OfType<InventoryResource>()
        .Where(found => found != resource && found.Id.Type is not ("Microsoft.Resources/resourceGroups" or "Microsoft.Resources/subscriptions"))
        .Distinct();

    private static IEnumerable<string> Ids(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Ids(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Ids),
        JsonValueKind.String when value.GetString() is { } text && text.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) => [text],
        _ => [],
    };

    // Numbers in names count as numbers only for people; here the order has to be the same everywhere.
    private static int Compare(string? one, string? other) => StringComparer.OrdinalIgnoreCase.Compare(one, other);
}
