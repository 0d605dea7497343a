using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Engine.Comparison;

/// <summary>JSON as plain .NET values, which any shell can show, compare and write as JSON again.</summary>
internal static class PlainValue
{
    /// <summary>A text, a truth value, a <see cref="long"/>, <see cref="decimal"/> or <see cref="double"/>, a dictionary, an array, or null.</summary>
    public static object? Of(JsonNode? value) => value switch
    {
        null => null,
        JsonObject map => map.ToDictionary(property => property.Key, property => Of(property.Value)),
        JsonArray list => list.Select(Of).ToArray(),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(value.ToJsonString()),
            _ => null,
        },
    };

    private static object Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)) return exact;
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
