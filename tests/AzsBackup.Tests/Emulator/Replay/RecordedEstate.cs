using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>
/// What was there before a recording of Azure CLI begins. Its tests' preparers make resource groups and storage accounts
/// without recording it: those that a recording uses and doesn't make itself are made first, from what it later shows.
/// </summary>
internal sealed partial class RecordedEstate(Recording recording)
{
    /// <summary>The one region of the stack: where most of the recorded resources lie.</summary>
    public string Region { get; } = recording.Interactions.SelectMany(interaction => Locations().Matches(interaction.AnswerText + interaction.RequestText))
        .Select(match => match.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant())
        .GroupBy(name => name).OrderByDescending(group => group.Count()).Select(group => group.Key).FirstOrDefault("westus");

    /// <summary>The groups that the requests name.</summary>
    public IReadOnlyList<string> GroupNames { get; } = [.. recording.Interactions
        .SelectMany(interaction => GroupName().Matches(interaction.Uri.AbsolutePath)).Select(match => match.Groups[1].Value).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Groups to make, with their tags.</summary>
    public IEnumerable<(string Name, JsonObject? Tags)> Groups()
    {
        foreach (var group in GroupNames)
        {
            var uses = recording.Interactions.Where(interaction => interaction.Uri.AbsolutePath.EndsWith("/resourcegroups/" + group, StringComparison.OrdinalIgnoreCase)).ToList();
            var shown = uses.TakeWhile(interaction => interaction.Method != "PUT").FirstOrDefault(interaction => interaction is { Method: "GET", Status: 200 });
            var answer = shown is null ? null : JsonNode.Parse(shown.AnswerText);
            var isMissing = uses.FirstOrDefault() is { Method: "PUT" } or { Status: 404 } || uses.Count == 0 && recording.Interactions.Any(interaction => interaction.AnswerText.Contains($"Resource group '{group}' could not be found", StringComparison.OrdinalIgnoreCase));
            if (!isMissing)
                yield return (answer?["name"]?.GetValue<string>() ?? group, (JsonObject?)answer?["tags"]?.DeepClone());
        }
    }

    /// <summary>Storage accounts to make, with their group.</summary>
    public IEnumerable<(string Group, string Name)> Accounts() => recording.Interactions
        .Select(interaction => (interaction, Match: AccountName().Match(interaction.Uri.AbsolutePath)))
        .Where(found => found.Match.Success)
        .GroupBy(found => found.Match.Groups[2].Value, StringComparer.OrdinalIgnoreCase)
        .Where(uses => uses.First().interaction is { Method: not "PUT", IsSuccess: true })
        .Select(uses => (uses.First().Match.Groups[1].Value, uses.Key));

    [GeneratedRegex("\"location\"\\s*:\\s*\"([A-Za-z0-9 ]+)\"")]
    private static partial Regex Locations();

    [GeneratedRegex("/resourceGroups/([^/?]+)", RegexOptions.IgnoreCase)]
    private static partial Regex GroupName();

    [GeneratedRegex("/resourceGroups/([^/?]+)/providers/Microsoft.Storage/storageAccounts/([^/?]+)", RegexOptions.IgnoreCase)]
    private static partial Regex AccountName();
}
