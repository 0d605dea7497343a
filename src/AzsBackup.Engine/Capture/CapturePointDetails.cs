using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Capture;

/// <summary>What a point that holds a capture says of itself: the details of a vault's point.</summary>
public sealed record CapturePointDetails
{
    /// <summary>The version of these details that this engine writes.</summary>
    public const string CurrentFormat = "azsbackup-capture-point/1";

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The version of the details.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The host name of the stack.</summary>
    public required string Stack { get; init; }

    /// <summary>What was captured: ids of subscriptions, groups and resources.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>How many resources have each status.</summary>
    public required IReadOnlyDictionary<AzsCaptureStatus, int> Counts { get; init; }

    /// <summary>The details of a vault's point; null if the point is of something else, or of a newer version.</summary>
    public static CapturePointDetails? Read(PointHeader point)
    {
        if (point.IsDamaged || !point.Details.TryGetProperty("format", out var format) || !format.ValueEquals(CurrentFormat)) return null;
        return point.Details.Deserialize<CapturePointDetails>(Style);
    }

    /// <summary>The details for a vault's point.</summary>
    public JsonElement Write() => JsonSerializer.SerializeToElement(this, Style);
}
