using System.Text.Json;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>A point in which the stack is right not to do what the specification says.</summary>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Place">Where the specification has it.</param>
/// <param name="IsRecorded">Whether Microsoft's own services do the same in the recorded answers, which a test looks up.</param>
/// <param name="Reason">Why, where nothing was recorded.</param>
internal sealed record Deviation(string Rule, string Place, bool IsRecorded = false, string? Reason = null)
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
