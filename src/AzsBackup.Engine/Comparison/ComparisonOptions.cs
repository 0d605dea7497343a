namespace AzsBackup.Engine.Comparison;

/// <summary>How two captures are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Whether resources that are the same are told too.</summary>
    public bool IncludeEqual { get; init; }

    /// <summary>Whether what a stack sets by itself counts too: states, times, back-references.</summary>
    public bool IncludeReadOnly { get; init; }

    /// <summary>
    /// Says which properties do not count, with all that is in them. It is asked with a path without what tells items of lists
    /// apart (<c>properties.subnets.properties.addressPrefix</c>), with a property's name alone, and with a path as differences have it.
    /// </summary>
    public Predicate<string> Excludes { get; init; } = _ => false;
}
