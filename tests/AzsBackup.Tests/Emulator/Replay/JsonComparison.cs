using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Compares JSON bodies: the same properties at the same places, in both directions, with the same values, but for those the rules say are made up or left out.</summary>
internal sealed class JsonComparison(ArmReplayRules rules, ServerValues values, RecordedInteraction interaction)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<string> _differences = [];

    /// <summary>The differences, in words; empty if the bodies agree.</summary>
    public IReadOnlyList<string> Compare(JsonNode? recorded, JsonNode? ours)
    {
        CompareNodes("", recorded, ours);
        return _differences;
    }

    private void CompareNodes(string path, JsonNode? recorded, JsonNode? ours)
    {
        if (rules.NotCompared.Any(rule => rule.Matches(path, interaction)))
            return;
        if (rules.Generated.FirstOrDefault(rule => rule.Matches(path, interaction)) is { Form: { } form })
        {
            if (!GeneratedValues.Agree(form, recorded, ours, values) && !IsSame(recorded, ours))
                Differ(path, recorded, ours);
            return;
        }

        switch (recorded, ours)
        {
            case (JsonObject left, JsonObject right):
                CompareObjects(path, left, right);
                break;
            case (JsonArray left, JsonArray right):
                CompareArrays(path + "[]", left, right);
                break;
            default:
                if (!IsSame(recorded, ours))
                    Differ(path, recorded, ours);
                break;
        }
    }

    private void CompareObjects(string path, JsonObject recorded, JsonObject ours)
    {
        foreach (var (name, value) in recorded)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            // A name in another case is another name to a client that reads JSON as it is.
            if (ours.FirstOrDefault(pair => pair.Key == name) is { Key: not null } found)
                CompareNodes(at, value, found.Value);
            else if (!rules.NotCompared.Any(rule => rule.Matches(at, interaction)))
                _differences.Add($"{at}: recorded {Short(value)}, ours has none");
        }

        foreach (var (name, value) in ours)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (!recorded.Any(pair => pair.Key == name) && !rules.NotCompared.Any(rule => rule.Matches(at, interaction)))
                _differences.Add($"{at}: ours {Short(value)}, not recorded");
        }
    }

    private void CompareArrays(string path, JsonArray recorded, JsonArray ours)
    {
        if (recorded.Count != ours.Count)
        {
            Differ(path, recorded, ours);
            return;
        }

        var rest = ours.ToList();
        var inAnyOrder = rules.AnyOrder.Any(rule => rule.Matches(path, interaction));
        foreach (var item in recorded)
        {
            var match = inAnyOrder ? rest.FirstOrDefault(other => Key(item) is { } key && key.Equals(Key(other), StringComparison.OrdinalIgnoreCase)) : null;
            match ??= rest[0];
            rest.Remove(match);
            CompareNodes(path, item, match);
        }
    }

    private string? Key(JsonNode? item) => (item?["id"] ?? item?["resourceType"] ?? item?["name"]) is JsonValue value ? values.Translate(value.ToString()) : null;

    private bool IsSame(JsonNode? recorded, JsonNode? ours)
    {
        if (recorded?.GetValueKind() == JsonValueKind.String && ours?.GetValueKind() == JsonValueKind.String)
            return values.Translate(recorded.GetValue<string>()) == ours.GetValue<string>();
        return JsonNode.DeepEquals(recorded, ours);
    }

    private void Differ(string path, JsonNode? recorded, JsonNode? ours) => _differences.Add($"{path}: recorded {Short(recorded)}, ours {Short(ours)}");

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString(Readable) ?? "null";
        return text.Length > 160 ? text[..160] + "…" : text;
    }
}
