using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>How ARM bodies are read and written: names are matched without regard to case and keep their spelling.</summary>
internal static class ArmJson
{
    private static readonly JsonNodeOptions NodeOptions = new() { PropertyNameCaseInsensitive = true };
    private static readonly JsonDocumentOptions DocumentOptions = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Writes text as ARM does, without escaping what JSON need not escape.</summary>
    public static JsonSerializerOptions WriteOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of properties whose names differ in case only, or not at all, the last one counts, as it does for ARM.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static JsonNode? Parse(string text) => ToNode(JsonElement.Parse(text, DocumentOptions));

    /// <summary>For what is written for this stack alone: a property given twice is an <see cref="ArgumentException"/> when its object is first looked into.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static JsonNode? ParseStrictly(string text) => JsonNode.Parse(text, NodeOptions, DocumentOptions);

    public static JsonObject NewObject() => new(NodeOptions);

    /// <summary>A copy whose names are matched without regard to case, whatever it was made of.</summary>
    public static JsonObject Copy(JsonObject value) => (JsonObject)Parse(value.ToJsonString(WriteOptions))!;

    public static JsonObject ReadResource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource '{name}'.");
        using StreamReader reader = new(stream);
        return (JsonObject)Parse(reader.ReadToEnd())!;
    }

    /// <summary>The object at a path of property names, or <see langword="null"/>.</summary>
    public static JsonObject? Object(this JsonNode? node, params ReadOnlySpan<string> path) => At(node, path) as JsonObject;

    public static JsonArray? Array(this JsonNode? node, params ReadOnlySpan<string> path) => At(node, path) as JsonArray;

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A whole number, written as a number or, as templates often do, as text.</summary>
    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) => At(node, path) switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) => number,
        JsonValue value when value.GetValueKind() == JsonValueKind.String && long.TryParse(value.GetValue<string>(), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };

    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) => At(node, path)?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => bool.TryParse(node.Text(path), out bool flag) ? flag : null,
        _ => null,
    };

    /// <summary>The object of that name, made if it is absent.</summary>
    public static JsonObject Ensure(this JsonObject node, string name)
    {
        if (node[name] is JsonObject found)
            return found;
        JsonObject made = NewObject();
        node[name] = made;
        return made;
    }

    /// <summary>The array of that name, made if it is absent.</summary>
    public static JsonArray EnsureArray(this JsonObject node, string name)
    {
        if (node[name] is JsonArray found)
            return found;
        JsonArray made = [];
        node[name] = made;
        return made;
    }

    /// <summary>Sets a property unless it already has a value.</summary>
    public static void Default(this JsonObject node, string name, JsonNode? value)
    {
        if (node[name] is null)
            node[name] = value;
    }

    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff+00:00", CultureInfo.InvariantCulture);

    /// <summary>Every text in a body, with the object that holds it.</summary>
    public static IEnumerable<(JsonNode Parent, string Name, string Value)> Texts(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach ((string name, JsonNode? value) in map.ToArray())
                {
                    if (value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String)
                        yield return (map, name, scalar.GetValue<string>());
                    else
                        foreach ((JsonNode, string, string) inner in Texts(value))
                            yield return inner;
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                    foreach ((JsonNode, string, string) inner in Texts(item))
                        yield return inner;
                break;
        }
    }

    private static JsonNode? ToNode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject map = NewObject();
                foreach (JsonProperty property in element.EnumerateObject())
                    map[property.Name] = ToNode(property.Value);
                return map;
            case JsonValueKind.Array:
                return new JsonArray(NodeOptions, [.. element.EnumerateArray().Select(ToNode)]);
            default:
                return JsonValue.Create(element, NodeOptions);
        }
    }

    private static JsonNode? At(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (string name in path)
            node = (node as JsonObject)?[name];
        return node;
    }
}
