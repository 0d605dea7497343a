namespace AzsBackup.Model;

/// <summary>One difference between two configurations: a resource that only one has, or one place where a resource differs.</summary>
public sealed record AzsResourceDifference
{
    /// <summary>The resource's ARM id, as the reference spells it, or else the difference.</summary>
    public required string ResourceId { get; init; }

    /// <summary>The resource type, for example <c>Microsoft.Network/virtualNetworks</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The resource's name; for a child, the names from the top, joined by <c>/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The resource group; null for what lies at subscription level.</summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>What is different.</summary>
    public required AzsResourceChange Change { get; init; }

    /// <summary>
    /// Where, for <see cref="AzsResourceChange.Changed"/>; null otherwise. Items of a list are named by what tells them apart, not
    /// by their place: <c>properties.subnets[name=web].properties.addressPrefix</c>.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// What the reference has there; null if nothing. A text, number or truth value; a dictionary or a list where the whole of it
    /// differs, and the whole body of a resource that only the reference has.
    /// </summary>
    public object? ReferenceValue { get; init; }

    /// <summary>What the difference has there; null if nothing. Of the same kinds as <see cref="ReferenceValue"/>.</summary>
    public object? DifferenceValue { get; init; }

    /// <summary>Why nothing can be said, for <see cref="AzsResourceChange.Unknown"/>.</summary>
    public string? Reason { get; init; }
}
