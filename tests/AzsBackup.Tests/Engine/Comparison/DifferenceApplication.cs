using System.Text.Json.Nodes;
using AzsBackup.Engine.Comparison;

namespace AzsBackup.Tests.Engine.Comparison;

/// <summary>Makes of a reference what a difference says it became: the check that differences leave nothing out.</summary>
internal static class DifferenceApplication
{
    public static void Apply(JsonObject body, PropertyDifference found)
    {
        var steps = found.Path.Steps();
        JsonNode at = body;
        for (var index = 0; index < steps.Count - 1; index++) at = Step(at, steps[index], steps[index + 1].Step);
        var last = steps[^1];
        switch (last.Step)
        {
            case DifferencePathStep.Property:
                at.AsObject().Remove(last.Name);
                if (found.Difference is not null) at[last.Name] = found.Difference.DeepClone();
                break;
            case DifferencePathStep.Item:
                if (at.AsArray().FirstOrDefault(item => item![last.Name]!.ToString() == last.Value) is { } old) at.AsArray().Remove(old);
                if (found.Difference is not null) at.AsArray().Add(found.Difference.DeepClone());
                break;
            default:
                throw new NotSupportedException("The bodies of these tests have no lists whose items have only a place.");
        }
    }

    /// <summary>A text that is the same for what is the same: names in order, named items and sets in order, nothing that is empty.</summary>
    public static string Normal(JsonNode? node, string name = "") => node switch
    {
        JsonObject map => "{" + string.Join(',', map.Select(property => (property.Key, Value: Normal(property.Value, property.Key)))
            .Where(property => property.Value is not ("{}" or "[]")).OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => $"{property.Key}:{property.Value}")) + "}",
        JsonArray list when name == "dnsServers" => "[" + string.Join(',', list.Select(item => Normal(item))) + "]",
        JsonArray list => "[" + string.Join(',', list.Select(item => Normal(item)).Order(StringComparer.Ordinal)) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };

    private static JsonNode Step(JsonNode at, DifferencePath step, DifferencePathStep next)
    {
        if (step.Step == DifferencePathStep.Item) return at.AsArray().Single(item => item![step.Name]!.ToString() == step.Value)!;
        return at[step.Name] ??= next == DifferencePathStep.Item ? new JsonArray() : new JsonObject();
    }
}
