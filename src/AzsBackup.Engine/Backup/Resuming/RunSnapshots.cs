using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>What a run notes of the snapshots it reads, so that the next one can go on from there should it die.</summary>
internal sealed record RunSnapshots
{
    /// <summary>What the note is called in the vault.</summary>
    public const string NoteName = "snapshots";

    private const string CurrentFormat = "azsbackup-vm-run/1";

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The version of the note.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The VM's ARM id.</summary>
    public required string VmId { get; init; }

    /// <summary>When the snapshots were asked for (UTC).</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>What they are consistent with.</summary>
    public required AzsConsistency Consistency { get; init; }

    /// <summary>Seconds between the first and the last of them.</summary>
    public required double SpreadSeconds { get; init; }

    /// <summary>The disks, in the order of the streams whose progress is written down.</summary>
    public required IReadOnlyList<RunSnapshotDisk> Disks { get; init; }

    /// <summary>Reads a note; null if it is none that this version knows.</summary>
    public static RunSnapshots? Read(JsonElement? note)
    {
        try
        {
            return note?.Deserialize<RunSnapshots>(Style) is { Format: CurrentFormat, VmId: not null, Disks: not null } read
                && read.Disks.All(disk => disk is { DiskId: not null, Kept.Id: not null }) ? read : null;
        }
        catch (Exception unknown) when (unknown is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The note's content.</summary>
    public JsonElement Write() => JsonSerializer.SerializeToElement(this, Style);
}
