using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Reading and writing parts of Resource Manager bodies.</summary>
internal static class BodyJson
{
    /// <summary>The value at a path, or null where any part of it is missing or null.</summary>
    public static JsonElement? Value(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    /// <summary>The text at a path, or null.</summary>
    public static string? Text(JsonElement element, params ReadOnlySpan<string> path) =>
        Value(element, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The items of the array at a path; none where it is missing.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element, params ReadOnlySpan<string> path) =>
        Value(element, path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The id in a reference or a body: its <c>id</c>, if it is one.</summary>
    public static ResourceId? IdIn(JsonElement? element) =>
        element is { } value && ResourceId.TryParse(Text(value, "id"), out var id) ? id : null;

    /// <summary>The id of the reference at a path.</summary>
    public static ResourceId? IdAt(JsonElement element, params ReadOnlySpan<string> path) => IdIn(Value(element, path));

    /// <summary>A reference to a resource.</summary>
    public static JsonObject Reference(ResourceId id) => new() { ["id"] = id.ToString() };

    /// <summary>Copies properties, where they are there and not null.</summary>
    public static void Copy(JsonElement from, JsonObject to, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Value(from, name) is { } value) to[name] = JsonNode.Parse(value.GetRawText());
        }
    }

    /// <summary>The start of the body of a resource: its place, and the tags of the captured one.</summary>
    public static JsonObject Begin(ResourceBody captured, string location)
    {
        var body = new JsonObject { ["location"] = location };
        Copy(captured.Json, body, "tags");
        return body;
    }
}
