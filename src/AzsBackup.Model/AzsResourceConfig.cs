namespace AzsBackup.Model;

/// <summary>One resource of a configuration export, with what became of it.</summary>
public sealed record AzsResourceConfig
{
    /// <summary>The resource's ARM id, as the stack spells it.</summary>
    public required string ResourceId { get; init; }

    /// <summary>The resource type, for example <c>Microsoft.Compute/virtualMachines</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The resource's name; for a child, the names from the top, joined by <c>/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group; null for what lies at subscription level.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>The subscription.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>The api-version it was read with; null if it was not read.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>What became of it.</summary>
    public required AzsCaptureStatus Status { get; init; }

    /// <summary>Why, for anything but <see cref="AzsCaptureStatus.Captured"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>The file written, as a full path; null if none was.</summary>
    public string? File { get; init; }

    /// <summary>The stack's id of the request that read it, for support.</summary>
    public string? RequestId { get; init; }
}
