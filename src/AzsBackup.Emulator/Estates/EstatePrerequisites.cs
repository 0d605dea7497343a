using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Estates;

/// <summary>
/// Many templates are for a network that is there already, and name its subnets by parameters. An estate made of such a
/// template alone has nothing there: the subnets it takes for granted are made, as plain as can be.
/// </summary>
internal static class EstatePrerequisites
{
    private const string NetworkType = "Microsoft.Network/virtualNetworks";

    /// <summary>The virtual networks that the resources lack. A subnet called by a placeholder instead of an id gets an id.</summary>
    /// <param name="resources">Their bodies' placeholders are replaced.</param>
    /// <param name="subscriptionScope">The id of the stack's subscription.</param>
    public static IReadOnlyList<EstateResource> For(IReadOnlyList<EstateResource> resources, string subscriptionScope)
    {
        HashSet<string> known = new(resources.SelectMany(Known), StringComparer.OrdinalIgnoreCase);
        Dictionary<string, SortedSet<string>> missing = new(StringComparer.OrdinalIgnoreCase);
        foreach (JsonObject reference in resources.Where(resource => resource.MayHoldExpressions).SelectMany(resource => References(resource.Body, "")).ToList())
        {
            string named = reference.Text("id")!;
            if (named.StartsWith('['))
                continue;
            if (!ArmId.TryParse(named, out ArmId? id))
                id = ArmId.Create($"{subscriptionScope}/resourceGroups/{EstateResource.TemplateGroup}", "Microsoft.Network", ["virtualNetworks", "subnets"], ["prerequisites", named]);
            if (id.Parent is not { } network || !network.Is(NetworkType) || known.Contains(id.Text))
                continue;
            reference["id"] = id.Text;
            if (!known.Contains(network.Text))
                (missing.TryGetValue(network.Text, out SortedSet<string>? subnets) ? subnets : missing[network.Text] = new(StringComparer.OrdinalIgnoreCase)).Add(id.Name);
        }

        return [.. missing.Select(network => new EstateResource(network.Key, Network([.. network.Value]), false))];
    }

    private static IEnumerable<string> Known(EstateResource resource) =>
        (resource.Body.Array("properties", "subnets") ?? []).Select(subnet => $"{resource.Id}/subnets/{subnet.Text("name")}").Prepend(resource.Id);

    private static IEnumerable<JsonObject> References(JsonNode? node, string property) => node switch
    {
        JsonObject reference when ArmPath.Equal(property, "subnet") && reference.Text("id") is not null => [reference],
        JsonObject map => map.SelectMany(pair => References(pair.Value, pair.Key)),
        JsonArray list => list.SelectMany(item => References(item, property)),
        _ => [],
    };

    private static JsonObject Network(IReadOnlyList<string> subnets)
    {
        JsonObject properties = ArmJson.NewObject();
        properties["addressSpace"] = new JsonObject { ["addressPrefixes"] = new JsonArray("10.0.0.0/8") };
        properties["subnets"] = new JsonArray([.. subnets.Select((name, i) => new JsonObject
        {
            ["name"] = name,
            ["properties"] = new JsonObject { ["addressPrefix"] = string.Create(CultureInfo.InvariantCulture, $"10.{i}.0.0/16") },
        })]);
        JsonObject body = ArmJson.NewObject();
        body["properties"] = properties;
        return body;
    }
}
