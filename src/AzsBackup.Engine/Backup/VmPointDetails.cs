using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>What a recovery point of a VM says of itself: the details of a vault's point.</summary>
public sealed record VmPointDetails
{
    /// <summary>The version of these details that this engine writes.</summary>
    public const string CurrentFormat = "azsbackup-vm-point/1";

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The version of the details.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The VM's name.</summary>
    public required string VmName { get; init; }

    /// <summary>The VM's ARM id, as the stack spelled it.</summary>
    public required string VmId { get; init; }

    /// <summary>The VM's resource group.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The host name of the stack.</summary>
    public required string Stack { get; init; }

    /// <summary>The consistency reached.</summary>
    public required AzsConsistency Consistency { get; init; }

    /// <summary>Seconds between the first and the last disk's snapshot.</summary>
    public required double SnapshotSpreadSeconds { get; init; }

    /// <summary>How long the backup took, in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The policy that asked for the point; null if a person did.</summary>
    public string? Policy { get; init; }

    /// <summary>The ARM ids of configuration that could not be read; null if none is missing.</summary>
    public IReadOnlyList<string>? MissingConfiguration { get; init; }

    /// <summary>What the run learnt of the stack's reports of changes, or knew already.</summary>
    public ChangeReport ChangeReport { get; init; }

    /// <summary>The disks, in the order of the point's streams.</summary>
    public required IReadOnlyList<VmPointDisk> Disks { get; init; }

    /// <summary>Reads the details of a vault's point; null if the point is of something else, or of a newer version.</summary>
    public static VmPointDetails? Read(PointHeader point)
    {
        if (point.IsDamaged || !point.Details.TryGetProperty("format", out var format) || !format.ValueEquals(CurrentFormat)) return null;
        return point.Details.Deserialize<VmPointDetails>(Style);
    }

    /// <summary>The details for a vault's point.</summary>
    public JsonElement Write() => JsonSerializer.SerializeToElement(this, Style);
}
