using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Compares an answer of ARM with the recorded one: status, the headers that the rules name, in both directions, and the body.</summary>
/// <param name="rules">What is compared, and how.</param>
/// <param name="values">What the service made up, theirs and ours.</param>
/// <param name="addresses">Where things lie, theirs and ours.</param>
/// <param name="groups">The resource groups the recording speaks of: what lists of the whole subscription show of others was there by chance.</param>
internal sealed class ArmAnswerComparison(ArmReplayRules rules, ServerValues values, ReplayAddresses addresses, IReadOnlyCollection<string> groups)
{
    /// <summary>The differences, in words; empty if the answers agree.</summary>
    public IReadOnlyList<string> Compare(RecordedInteraction recorded, Answer answer)
    {
        var text = addresses.ToRecorded(Encoding.UTF8.GetString(answer.Body));
        if (recorded.Status != answer.Status)
            return [$"status: recorded {recorded.Status}, ours {answer.Status} {(text.Length > 300 ? text[..300] : text)}"];
        List<string> differences = [];
        foreach (var (name, rule) in rules.NamedHeaders)
        {
            var left = recorded.AnswerHeaders.GetValueOrDefault(name);
            var right = answer.Headers.GetValueOrDefault(name) is { } value ? addresses.ToRecorded(value) : null;
            if (!Agree(rule, left, right))
                differences.Add($"header {name}: recorded {left ?? "none"}, ours {right ?? "none"}");
        }

        differences.AddRange(CompareBodies(recorded, text));
        return differences;
    }

    /// <summary>A list of the whole subscription without what lies in groups of others.</summary>
    private JsonNode? OfGroups(RecordedInteraction recorded, JsonNode? body)
    {
        if ((body as JsonObject)?["value"] is not JsonArray items || recorded.Uri.AbsolutePath.Contains("/resourceGroups/", StringComparison.OrdinalIgnoreCase))
            return body;
        foreach (var item in items.ToList())
        {
            if (item?["id"]?.GetValue<string>().Split('/') is [_, _, _, var kind, var group, ..] && kind.Equals("resourceGroups", StringComparison.OrdinalIgnoreCase) && !groups.Any(name => IsName(group, name)))
                items.Remove(item);
        }

        return body;
    }

    /// <summary>Whether a group of an answer is one of the recording's: by its name, or in capitals by the name it had before the recorder gave it a number.</summary>
    private static bool IsName(string group, string name) => group.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (!group.Any(char.IsLower) && group.StartsWith(name.TrimEnd('0', '1', '2', '3', '4').ToUpperInvariant(), StringComparison.Ordinal));

    private bool Agree(HeaderRule rule, string? recorded, string? ours) => (recorded, ours) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ when rule.PresenceOnly => true,
        _ when rule.Form is { } form => GeneratedValues.Agree(form, recorded, ours, values),
        _ => recorded == ours,
    };

    private IReadOnlyList<string> CompareBodies(RecordedInteraction recorded, string ours)
    {
        var text = recorded.AnswerText;
        if (text.Length == 0 || ours.Length == 0)
            return text.Length == ours.Length ? [] : [$"body: recorded {text.Length} characters, ours {ours.Length}"];
        try
        {
            return new JsonComparison(rules, values, recorded).Compare(OfGroups(recorded, JsonNode.Parse(text)), JsonNode.Parse(ours));
        }
        catch (JsonException exception)
        {
            return [$"body: {exception.Message}"];
        }
    }
}
