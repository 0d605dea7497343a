using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Comparison;

/// <summary>
/// Finds where two JSON values differ. Null, an empty object and an empty list are the same as nothing: stacks write them or
/// leave them out as they please. Ids are the same whatever their case. Pure.
/// </summary>
public static class PropertyComparison
{
    /// <summary>The differences, in the order of their paths: the properties of an object by name, the items of a list by key.</summary>
    public static IReadOnlyList<PropertyDifference> Compare(JsonNode? reference, JsonNode? difference)
    {
        var found = new List<PropertyDifference>();
        Compare(DifferencePath.Root, reference, difference, found);
        return found;
    }

    private static void Compare(DifferencePath path, JsonNode? reference, JsonNode? difference, List<PropertyDifference> found)
    {
        switch (reference, difference)
        {
            case (JsonObject or null, JsonObject or null) when reference is not null || difference is not null:
                // Only a property that is there on one side alone is told as a whole; the body itself never is.
                if ((reference is null || difference is null) && path.Parent is not null) Whole();
                else CompareObjects(path, reference as JsonObject ?? new JsonObject(), difference as JsonObject ?? new JsonObject(), null, found);
                break;
            case (JsonArray before, JsonArray after):
                CompareLists(path, before, after, found);
                break;
            case (JsonArray before, null) when ListKeys.Find(before, new JsonArray()) is { } key:
                CompareItems(path, before, new JsonArray(), key, found);
                break;
            case (null, JsonArray after) when ListKeys.Find(new JsonArray(), after) is { } key:
                CompareItems(path, new JsonArray(), after, key, found);
                break;
            default:
                Whole();
                break;
        }

        void Whole()
        {
            if (IsSame(reference, difference)) return;
            found.Add(new PropertyDifference(path, IsNothing(reference) ? null : reference, IsNothing(difference) ? null : difference));
        }
    }

    private static void CompareObjects(DifferencePath path, JsonObject reference, JsonObject difference, string? key, List<PropertyDifference> found)
    {
        foreach (var name in reference.Select(property => property.Key).Union(difference.Select(property => property.Key)).Order(StringComparer.Ordinal))
        {
            // An item's key was compared when the items were matched, without regard to case.
            if (name != key) Compare(path.Property(name), reference[name], difference[name], found);
        }
    }

    private static void CompareLists(DifferencePath path, JsonArray reference, JsonArray difference, List<PropertyDifference> found)
    {
        if (ListKeys.Find(reference, difference) is { } key)
        {
            CompareItems(path, reference, difference, key, found);
        }
        else if (ListKeys.IsUnordered(path.Name) ? IsSameSet(reference, difference) : IsSame(reference, difference))
        {
            // Equal.
        }
        else if (reference.Count == difference.Count && reference.Concat(difference).All(item => item is JsonObject))
        {
            for (var index = 0; index < reference.Count; index++) Compare(path.At(index), reference[index], difference[index], found);
        }
        else
        {
            found.Add(new PropertyDifference(path, reference.Count == 0 ? null : reference, difference.Count == 0 ? null : difference));
        }
    }

    private static void CompareItems(DifferencePath path, JsonArray reference, JsonArray difference, string key, List<PropertyDifference> found)
    {
        var before = ByKey(reference, key);
        var after = ByKey(difference, key);
        foreach (var (name, item) in before.Concat(after.Where(pair => !before.ContainsKey(pair.Key))).OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            var inReference = before.GetValueOrDefault(name);
            var inDifference = after.GetValueOrDefault(name);
            var at = path.Item(key, ListKeys.Value(item, key)!);

            // An item that has nothing but its key is not nothing.
            if (inReference is null || inDifference is null) found.Add(new PropertyDifference(at, inReference, inDifference));
            else CompareObjects(at, inReference, inDifference, key, found);
        }
    }

    private static Dictionary<string, JsonObject> ByKey(JsonArray list, string key) =>
        list.Cast<JsonObject>().ToDictionary(item => ListKeys.Value(item, key)!, StringComparer.OrdinalIgnoreCase);

    private static bool IsSameSet(JsonArray reference, JsonArray difference) =>
        reference.Count == difference.Count
        && reference.Select(Canonical).Order(StringComparer.Ordinal).SequenceEqual(difference.Select(Canonical).Order(StringComparer.Ordinal));

    private static bool IsSame(JsonNode? reference, JsonNode? difference) =>
        (IsNothing(reference) && IsNothing(difference)) || Canonical(reference) == Canonical(difference);

    private static bool IsNothing(JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.All(property => IsNothing(property.Value)),
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() == JsonValueKind.Null,
    };

    private static string Canonical(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject map => "{" + string.Join(',', map
            .Where(property => !IsNothing(property.Value))
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => JsonSerializer.Serialize(property.Key) + ":" + Canonical(property.Value))) + "}",
        JsonArray list => "[" + string.Join(',', list.Select(Canonical)) + "]",
        JsonValue scalar => CanonicalScalar(scalar),
        _ => value.ToJsonString(),
    };

    private static string CanonicalScalar(JsonValue scalar)
    {
        if (scalar.GetValueKind() == JsonValueKind.Number)
        {
            var number = scalar.ToJsonString();
            return decimal.TryParse(number, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var exact)
                ? exact.ToString("G29", System.Globalization.CultureInfo.InvariantCulture) : number;
        }

        if (scalar.GetValueKind() != JsonValueKind.String) return scalar.ToJsonString();
        var text = scalar.GetValue<string>();
        return JsonSerializer.Serialize(text.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) ? text.ToUpperInvariant() : text);
    }
}
