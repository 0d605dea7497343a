using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>What to export.</summary>
public sealed record CaptureOptions
{
    /// <summary>Subscriptions, resource groups or single resources.</summary>
    public required IReadOnlyList<ResourceId> Scopes { get; init; }

    /// <summary>How many lists or resources are read at once.</summary>
    public int ThrottleLimit { get; init; } = 8;
}
