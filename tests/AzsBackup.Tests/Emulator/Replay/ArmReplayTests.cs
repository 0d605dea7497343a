using Xunit;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>The stack against recordings of Azure CLI in the hybrid profiles, which nobody here wrote: the compute, network, storage and resource groups of commands.</summary>
public sealed class ArmReplayTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(Material.RepositoryRoot, "tests/AzsBackup.Tests/Emulator/Replay");

    /// <summary>The share that has to be answered as recorded.</summary>
    private const double Wanted = 0.8;

    [LongFact]
    public Task Replay_OfThe2020Profile_IsAnsweredAsRecordedOrAKnownFailure() => ReplayAsync("hybrid_2020_09_01");

    [LongFact]
    public Task Replay_OfThe2019Profile_IsAnsweredAsRecordedOrAKnownFailure() => ReplayAsync("hybrid_2019_03_01");

    private async Task ReplayAsync(string profile)
    {
        var root = Material.Folder("azure-cli-recordings");
        var rules = ArmReplayRules.Read(Path.Combine(Folder, "arm-replay.json"));
        var blobRules = ReplayRules.Read(Path.Combine(Folder, "blob-replay.json"));
        var known = KnownFailures.Read(Path.Combine(Folder, $"arm-replay-failures-{profile}.json"));
        List<InteractionOutcome> outcomes = [];
        foreach (var path in Areas(Path.Combine(root, profile)).SelectMany(area => Directory.GetFiles(area, "*.yaml").Order(StringComparer.Ordinal)))
        {
            var recording = RecordingReader.Read(path) with { Name = $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileNameWithoutExtension(path)}" };
            outcomes.AddRange(await ArmReplay.PlayAsync(RecordedDeployments.Unmask(recording), rules, blobRules));
        }

        Report(profile, outcomes);
        var failing = outcomes.Where(outcome => outcome is { LeftOut: null, IsAnsweredAsRecorded: false }).Select(outcome => outcome.Name).ToHashSet();
        Assert.Empty(failing.Except(known.Names));
        Assert.Empty(known.Names.Except(failing));
        var eligible = outcomes.Count(outcome => outcome.LeftOut is null);
        Assert.True(eligible - failing.Count >= Wanted * eligible, $"Only {eligible - failing.Count} of {eligible} requests are answered as recorded.");
    }

    private static IEnumerable<string> Areas(string profile) =>
        ((string[])["network", "resource", "storage", "vm"]).Select(area => Path.Combine(profile, area)).Where(Directory.Exists);

    private void Report(string profile, List<InteractionOutcome> outcomes)
    {
        var eligible = outcomes.Where(outcome => outcome.LeftOut is null).ToList();
        output.WriteLine($"{profile}: {outcomes.Count} requests, {eligible.Count} eligible: {eligible.Count(outcome => outcome.IsAnsweredAsRecorded)} answered as recorded, {eligible.Count(outcome => !outcome.IsAnsweredAsRecorded)} not.");
        foreach (var area in eligible.GroupBy(outcome => outcome.Name.Split('/')[0]))
            output.WriteLine($"  {area.Key}: {area.Count(outcome => outcome.IsAnsweredAsRecorded)} of {area.Count()}");
        foreach (var rule in outcomes.Where(outcome => outcome.LeftOut is not null).GroupBy(outcome => outcome.LeftOut))
            output.WriteLine($"left out {rule.Count()}: {rule.Key}");
        foreach (var failure in eligible.Where(outcome => !outcome.IsAnsweredAsRecorded))
            output.WriteLine($"FAIL {failure.Name} {failure.Line}\n    {string.Join("\n    ", failure.Differences.Take(12))}");
    }
}
