using System.Text.Json;

namespace AzsBackup.Engine.Stacks;

/// <summary>A resource as the stack gave it, with how it was asked for.</summary>
/// <param name="Id">The id, as the stack spells it.</param>
/// <param name="Json">The whole body, every property kept.</param>
/// <param name="ApiVersion">The api-version of the request.</param>
/// <param name="RequestId">The stack's <c>x-ms-request-id</c>, if it sent one.</param>
public sealed record ResourceBody(ResourceId Id, JsonElement Json, string ApiVersion, string? RequestId)
{
    /// <summary>The value at a path of property names, or null where any of them is missing or null.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> path)
    {
        var value = Json;
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        }

        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    /// <summary>The text at a path of property names, or null.</summary>
    public string? FindText(params ReadOnlySpan<string> path) =>
        Find(path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
