using System.Text.Json.Serialization;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>One line of a capture's manifest.</summary>
public sealed record CaptureEntry
{
    /// <summary>The resource's id, as the stack spells it.</summary>
    public required string Id { get; init; }

    /// <summary>The resource type.</summary>
    public required string Type { get; init; }

    /// <summary>What became of it.</summary>
    public required AzsCaptureStatus Status { get; init; }

    /// <summary>Why, for anything but captured.</summary>
    public string? Reason { get; init; }

    /// <summary>The api-version it was read with.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The stack's id of the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>The file, relative to the capture's folder, with forward slashes.</summary>
    public string? File { get; init; }

    /// <summary>Whether it stands for a part of the listing that the stack refused, and not for a resource.</summary>
    [JsonIgnore]
    public bool IsRefusedListing => Status == AzsCaptureStatus.Failed && !ResourceId.TryParse(Id, out _);
}
