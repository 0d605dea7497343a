using System.Text.Json.Nodes;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Deployment;

/// <summary>A captured resource on its way to a deployment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">What is known of its type.</param>
/// <param name="Json">Its body; property names are found whatever their case.</param>
internal sealed record CapturedBody(ResourceId Id, ResourceTypeDescription Type, JsonObject Json)
{
    public JsonObject? Properties => Json["properties"] as JsonObject;

    public bool IsOfType(string type) => Type.Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>A text in a body; null if there is none.</summary>
    public static string? TextAt(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path) node = (node as JsonObject)?[name];
        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
