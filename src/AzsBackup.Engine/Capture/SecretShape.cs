using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Capture;

/// <summary>Decides of a property whether its value may be written, by its name, its place and its shape.</summary>
internal static class SecretShape
{
    // What may be known of a setting in a list; all else in it may be the secret.
    private static readonly HashSet<string> SettingNames = new(StringComparer.OrdinalIgnoreCase) { "name", "type", "slotSetting" };

    /// <summary>Whether a property's value must not be written as it is, and what stands in its place.</summary>
    public static bool Redact(JsonProperty property, bool isSecret, bool isSettings, out JsonNode? redacted)
    {
        redacted = null;
        if (IsEmpty(property.Value)) return false;
        if (isSettings || SecretRedaction.IsSettingsMap(property.Name))
        {
            redacted = Settings(property.Value);
            return true;
        }

        var isText = property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        if (isSecret || (SecretRedaction.IsSecret(property.Name) && !IsVaultReference(property.Value)) || (isText && SecretRedaction.LooksSecret(property.Name)))
        {
            redacted = JsonValue.Create(SecretRedaction.Mark);
        }

        return redacted is not null;
    }

    /// <summary>Settings with their names and without their values.</summary>
    public static JsonNode? Settings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object ? Setting(item) : Settings(item))]),
        JsonValueKind.Object => Map(value, static property => Settings(property.Value)),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => IsEmpty(value) ? JsonValue.Create("") : JsonValue.Create(SecretRedaction.Mark),
    };

    private static JsonObject Setting(JsonElement item) => Map(
        item, static property => SettingNames.Contains(property.Name) && property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
            ? JsonNode.Parse(property.Value.GetRawText())
            : Settings(property.Value));

    private static JsonObject Map(JsonElement value, Func<JsonProperty, JsonNode?> valueOf)
    {
        var made = new JsonObject();
        foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal)) made[property.Name] = valueOf(property);
        return made;
    }

    // Says where a secret lies, and is none.
    private static bool IsVaultReference(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("sourceVault", out _);

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));
}
