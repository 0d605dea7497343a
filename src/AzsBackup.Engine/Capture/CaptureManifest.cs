using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// What a capture holds and what became of everything that was listed. It alone carries times and request ids, so that the
/// files beside it are the same for an unchanged tenant. Written last: a capture without it is not whole.
/// </summary>
public sealed record CaptureManifest
{
    /// <summary>Its name in the capture's folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The version of the capture's layout that this engine writes.</summary>
    public const string CurrentFormat = "azsbackup-capture/1";

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The version of the capture's layout.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The host name of the stack's Resource Manager endpoint.</summary>
    public required string Stack { get; init; }

    /// <summary>What was asked for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When the run began (UTC).</summary>
    public required DateTime CapturedAt { get; init; }

    /// <summary>How many of <see cref="Resources"/> have each status; their sum is all of them.</summary>
    public IReadOnlyDictionary<AzsCaptureStatus, int> Counts => Resources
        .GroupBy(entry => entry.Status).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>Everything that was listed, by id.</summary>
    public required IReadOnlyList<CaptureEntry> Resources { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="AzsException">It is damaged, or of a newer layout.</exception>
    public static CaptureManifest Read(ReadOnlySpan<byte> json, string path)
    {
        CaptureManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<CaptureManifest>(json, Style);
        }
        catch (JsonException damage)
        {
            throw Damaged(path, damage);
        }

        if (manifest is null) throw Damaged(path, null);
        return manifest.Format == CurrentFormat
            ? manifest
            : throw new AzsException(
                AzsErrorKind.NotSupported,
                "CaptureFormatUnknown",
                $"The capture in '{path}' has format '{manifest.Format}'; this version knows '{CurrentFormat}'.",
                "Use a newer version of the module, or another folder.",
                path);
    }

    /// <summary>The manifest as a file's content.</summary>
    public byte[] Write() => CanonicalJson.Write(CanonicalJson.Sort(JsonSerializer.SerializeToElement(this, Style)));

    /// <summary>Whether an id lies in one of the scopes.</summary>
    public static bool Covers(IEnumerable<ResourceId> scopes, string id) => scopes.Any(scope =>
        id.StartsWith(scope.ToString(), StringComparison.OrdinalIgnoreCase)
        && (id.Length == scope.ToString().Length || id[scope.ToString().Length] == '/'));

    private static AzsException Damaged(string path, Exception? cause) => new(
        AzsErrorKind.DataDamaged,
        "CaptureManifestDamaged",
        $"The manifest of the capture in '{path}' can't be read.",
        "Export into a new folder.",
        path,
        cause);
}
