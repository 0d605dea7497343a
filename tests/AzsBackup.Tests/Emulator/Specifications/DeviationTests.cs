using System.Text.Json.Nodes;
using System.Web;
using AzsBackup.Tests.Emulator.Replay;
using Xunit;
using YamlDotNet.Core;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>The list of deviations can only become shorter: what Microsoft's services do themselves is looked up, and the rest is counted.</summary>
public sealed class DeviationTests
{
    /// <summary>How many deviations no recording shows. Lower it with every one that goes; a higher number needs a better reason than a failing test.</summary>
    private const int Unrecorded = 10;

    [Fact]
    public void Deviations_NoRecordingShows_HaveReasonsAndOnlyBecomeFewer()
    {
        List<Deviation> unrecorded = [.. Deviation.All.Where(deviation => !deviation.IsRecorded)];
        Assert.All(unrecorded, deviation => Assert.False(string.IsNullOrWhiteSpace(deviation.Reason), $"{deviation} has no reason."));
        Assert.Equal(Unrecorded, unrecorded.Count);
        Assert.Equal(Deviation.All.Count, Deviation.All.DistinctBy(deviation => (deviation.Rule, deviation.Place)).Count());
    }

    [Fact]
    public void Deviations_SaidToBeRecorded_AreWhatMicrosoftsServicesAnswered()
    {
        StackSpecifications specifications = SpecificationWatch.RequireSpecifications();
        HashSet<(string, string)> recorded = [];
        int answers = 0;
        foreach ((string method, string path, string version, int status, Func<JsonNode?> body) in Cassettes().Concat(Pairs()))
        {
            if (specifications.Find(method, path, version) is not { } operation)
                continue;
            answers++;
            recorded.UnionWith(specifications.Validate(operation, status, new Dictionary<string, string>(), body()).Select(violation => (violation.Rule, violation.Place)));
        }

        Assert.True(answers > 500, $"Only {answers} recorded answers were compared.");
        Assert.Equal([], Deviation.All.Where(deviation => deviation.IsRecorded && !recorded.Contains((deviation.Rule, deviation.Place))));
    }

    private static IEnumerable<(string Method, string Path, string Version, int Status, Func<JsonNode?> Body)> Cassettes() =>
        Directory.EnumerateFiles(Material.Folder("azure-cli-recordings"), "*.yaml", SearchOption.AllDirectories)
            .SelectMany(Interactions)
            .Where(interaction => interaction.Uri.Host == "management.azure.com")
            .Select(interaction => (interaction.Method, Uri.UnescapeDataString(interaction.Path), HttpUtility.ParseQueryString(interaction.Uri.Query)["api-version"] ?? "",
                interaction.Status, new Func<JsonNode?>(() => interaction.AnswerBody.Length == 0 ? null : JsonNode.Parse(interaction.AnswerBody))));

    private static IReadOnlyList<RecordedInteraction> Interactions(string file)
    {
        try
        {
            return RecordingReader.Read(file).Interactions;
        }
        catch (YamlException)
        {
            // Some cassettes were rewrapped after they were recorded and are YAML to no reader.
            return [];
        }
    }

    private static IEnumerable<(string Method, string Path, string Version, int Status, Func<JsonNode?> Body)> Pairs() =>
        Directory.EnumerateFiles(Material.Folder("put-get-pairs"), "*.jsonl")
            .SelectMany(File.ReadLines)
            .Select(line => JsonNode.Parse(line)!)
            .Where(pair => pair["get"]?["id"] is not null && pair["getApi"] is not null)
            .Select(pair => ("GET", pair["get"]!["id"]!.GetValue<string>(), pair["getApi"]!.GetValue<string>(), 200, new Func<JsonNode?>(() => pair["get"])));
}
