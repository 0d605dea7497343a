using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Configuration;

namespace AzsBackup.Engine.Capture;

/// <summary>The order in which a record shows the items of an array that has none: by what tells them apart, then by all they hold.</summary>
internal static class SetOrder
{
    /// <summary>Compares what <see cref="KeyOf"/> gives.</summary>
    public static readonly IComparer<IReadOnlyList<string>> Comparer = Comparer<IReadOnlyList<string>>.Create((one, other) =>
    {
        for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
        {
            if (string.CompareOrdinal(one[i], other[i]) is not 0 and var difference) return difference;
        }

        return one.Count - other.Count;
    });

    /// <summary>What an item is ordered by.</summary>
    public static IReadOnlyList<string> KeyOf(JsonNode? item, IReadOnlyList<PropertyPath> keys) =>
        [.. keys.Select(key => TextOf(Find(item, key))), item?.ToJsonString() ?? ""];

    private static JsonNode? Find(JsonNode? item, PropertyPath path) => path.Segments.Aggregate(
        item, (node, name) => node is JsonObject parent
            ? parent.FirstOrDefault(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value
            : null);

    private static string TextOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "",
        JsonValueKind.String => value.GetValue<string>().ToUpperInvariant(),
        JsonValueKind.Number when long.TryParse(value.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            number.ToString("d20", CultureInfo.InvariantCulture),
        _ => value.ToJsonString(),
    };
}
