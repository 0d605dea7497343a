using System.Text.Json;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>The rules of the replay, which are data with reasons: what is left out, which files hold several runs, what isn't compared, and what is known to fail.</summary>
internal sealed record ReplayRules(IReadOnlyList<ReplayExclusion> Excluded, IReadOnlyDictionary<string, string> SeveralRuns, IReadOnlyDictionary<string, string> NotCompared, IReadOnlyDictionary<string, string> KnownFailures)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true, ReadCommentHandling = JsonCommentHandling.Disallow };

    public static ReplayRules Read(string path) => JsonSerializer.Deserialize<ReplayRules>(File.ReadAllText(path), Format)!;

    /// <summary>Why a recording isn't played; null if it is.</summary>
    public string? ReasonToSkip(Recording recording) =>
        Excluded.FirstOrDefault(rule => rule.Matches(recording))?.Reason;

    /// <summary>The runs of a recording, each of which begins anew.</summary>
    public IEnumerable<Recording> Runs(Recording recording) => SeveralRuns.ContainsKey(recording.Name) ? recording.Runs() : [recording];

    /// <summary>Whether a header or an element of a body is left out of the comparison.</summary>
    public bool IsCompared(string name) => !NotCompared.Keys.Contains(name, StringComparer.OrdinalIgnoreCase);
}
