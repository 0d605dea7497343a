using System.Text.Json;
using System.Text.Json.Serialization;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>The rules by which recordings of Azure CLI are played and judged, which are data with reasons (<c>arm-replay.json</c>).</summary>
/// <param name="LeftOut">Requests that are sent, so that what follows finds what they make, and not judged.</param>
/// <param name="NamedHeaders">The headers that are compared, in both directions.</param>
/// <param name="Generated">Places in bodies whose values the service makes up.</param>
/// <param name="NotCompared">Places in bodies that aren't compared.</param>
/// <param name="AnyOrder">Arrays whose order means nothing.</param>
internal sealed record ArmReplayRules(
    IReadOnlyList<InteractionRule> LeftOut,
    IReadOnlyDictionary<string, HeaderRule> NamedHeaders,
    IReadOnlyList<PathRule> Generated,
    IReadOnlyList<PathRule> NotCompared,
    IReadOnlyList<PathRule> AnyOrder)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true, Converters = { new JsonStringEnumConverter() } };

    public static ArmReplayRules Read(string path) => JsonSerializer.Deserialize<ArmReplayRules>(File.ReadAllText(path), Format)!;

    /// <summary>Why a request isn't judged; null if it is.</summary>
    public string? ReasonToLeaveOut(string recording, RecordedInteraction interaction) =>
        LeftOut.FirstOrDefault(rule => rule.Matches(recording, interaction))?.Reason;
}
