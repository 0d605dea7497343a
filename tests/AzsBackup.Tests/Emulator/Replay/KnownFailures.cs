using System.Text.Json;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>The requests that are known not to be answered as recorded, by reason (<c>arm-replay-failures.json</c>). The list can only shrink: what is on it and agrees is a failure of the test, too.</summary>
internal sealed class KnownFailures(IReadOnlyDictionary<string, IReadOnlyList<string>> byReason)
{
    public IEnumerable<string> Names => byReason.Values.SelectMany(names => names);

    public IEnumerable<(string Reason, int Count)> Reasons => byReason.Select(pair => (pair.Key, pair.Value.Count));

    public static KnownFailures Read(string path) => new(JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(File.ReadAllText(path))!);
}
