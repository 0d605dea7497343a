using Xunit;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>The blob service against recordings of azure-storage-python, which nobody here wrote.</summary>
public sealed class BlobReplayTests(ITestOutputHelper output)
{
    private static readonly string RulesFile = Path.Combine(Material.RepositoryRoot, "tests/AzsBackup.Tests/Emulator/Replay/blob-replay.json");

    [Fact]
    public async Task Replay_EveryEligibleRecording_IsAnsweredAsRecordedOrIsAKnownFailure()
    {
        var folder = Material.Folder("azure-storage-python-recordings");
        var rules = ReplayRules.Read(RulesFile);
        var recordings = Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(RecordingReader.Read).ToList();
        var eligible = recordings.Where(r => rules.ReasonToSkip(r) is null).ToList();
        var failures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var recording in eligible)
        {
            foreach (var run in rules.Runs(recording))
            {
                if (await BlobReplay.PlayAsync(run, rules, TestContext.Current.CancellationToken) is { } difference)
                    failures.TryAdd(recording.Name, difference);
            }
        }

        var passed = eligible.Count - failures.Count;
        output.WriteLine($"{recordings.Count} recordings, {recordings.Count - eligible.Count} left out, {eligible.Count} eligible ({eligible.Sum(r => r.Interactions.Count)} requests): {passed} answered as recorded, {failures.Count} not.");
        foreach (var rule in recordings.Select(rules.ReasonToSkip).OfType<string>().GroupBy(reason => reason))
            output.WriteLine($"left out {rule.Count()}: {rule.Key}");
        foreach (var (name, difference) in failures)
            output.WriteLine($"{name}: {difference}");

        Assert.Empty(failures.Keys.Except(rules.KnownFailures.Keys));
        Assert.Empty(rules.KnownFailures.Keys.Except(failures.Keys));
        Assert.True(passed >= 0.9 * eligible.Count, $"Only {passed} of {eligible.Count} recordings are answered as recorded.");
    }
}
