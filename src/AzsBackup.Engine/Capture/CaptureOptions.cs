using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>What to export, and where to.</summary>
public sealed record CaptureOptions
{
    /// <summary>Subscriptions, resource groups or single resources.</summary>
    public required IReadOnlyList<ResourceId> Scopes { get; init; }

    /// <summary>The capture's folder, as a full path; made if missing.</summary>
    public required string Path { get; init; }

    /// <summary>How many resources are read at once.</summary>
    public int ThrottleLimit { get; init; } = 8;
}
