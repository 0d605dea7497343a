using System.Text.Json;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>A point in which the stack is right not to do what the specification says.</summary>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Place">Where the specification has it.</param>
/// <param name="Reason">Why, with the recording or document that shows it.</param>
internal sealed record Deviation(string Rule, string Place, string Reason)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public bool Covers(Violation violation) => Rule == violation.Rule && Place == violation.Place;

    /// <summary>The deviations of <c>deviations.json</c>.</summary>
    public static IReadOnlyList<Deviation> All { get; } = Read();

    private static List<Deviation> Read()
    {
        string path = Path.Combine(Replay.Material.RepositoryRoot, "tests", "AzsBackup.Tests", "Emulator", "Specifications", "deviations.json");
        return JsonSerializer.Deserialize<List<Deviation>>(File.ReadAllText(path), Options)!;
    }
}
