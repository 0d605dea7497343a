using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Comparison;

/// <summary>A body without what does not count. Pure.</summary>
internal static class ComparableBody
{
    private static readonly string[] Identity = ["id", "name", "type"];

    /// <summary>Makes it.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="body">The body as captured.</param>
    /// <param name="options">What counts.</param>
    public static JsonObject Of(string type, JsonElement body, ComparisonOptions options) => CopyObject(type, "", body, options);

    private static JsonObject CopyObject(string type, string path, JsonElement value, ComparisonOptions options)
    {
        var copy = new JsonObject();
        foreach (var property in value.EnumerateObject())
        {
            // Resources are matched by their ids, which say the same as these.
            if (path.Length == 0 && Identity.Contains(property.Name)) continue;
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!options.IncludeReadOnly && ComparisonNoise.IsNoise(type, at)) continue;
            if (options.Excludes(at) || options.Excludes(property.Name)) continue;
            copy[property.Name] = Copy(type, at, property.Value, options);
        }

        return copy;
    }

    private static JsonNode? Copy(string type, string path, JsonElement value, ComparisonOptions options) => value.ValueKind switch
    {
        JsonValueKind.Object => CopyObject(type, path, value, options),
        JsonValueKind.Array => new JsonArray(value.EnumerateArray().Select(item => Copy(type, path, item, options)).ToArray()),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };
}
