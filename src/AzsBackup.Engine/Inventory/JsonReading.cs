using System.Text.Json;

namespace AzsBackup.Engine.Inventory;

/// <summary>Reads bodies that may lack anything: what is missing, null or of another kind is simply not there.</summary>
internal static class JsonReading
{
    /// <summary>The value at a path of property names; null where any of them is missing or null.</summary>
    public static JsonElement? At(this JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        }

        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : value;
    }

    /// <summary>The text at a path; null if there is none.</summary>
    public static string? TextAt(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The number at a path; null if there is none.</summary>
    public static long? NumberAt(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? whole : null;

    /// <summary>The text, number or truth value at a path, as text; null if there is none.</summary>
    public static string? ScalarAt(this JsonElement value, params ReadOnlySpan<string> path) => value.At(path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } scalar => scalar.GetRawText(),
        _ => null,
    };

    /// <summary>The items of the list at a path; none if there is no list.</summary>
    public static IEnumerable<JsonElement> ItemsAt(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The texts in the list at a path.</summary>
    public static IEnumerable<string> TextsAt(this JsonElement value, params ReadOnlySpan<string> path) => value.ItemsAt(path)
        .Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);
}
