namespace AzsBackup.Engine.Configuration;

/// <summary>Properties that a service shows and does not take, by what says so.</summary>
public sealed record ReadOnlyProperties
{
    /// <summary>Nothing known.</summary>
    public static readonly ReadOnlyProperties None = new();

    /// <summary>Flagged in the GET model of the type's api-version.</summary>
    public IReadOnlyList<string> Flagged { get; init; } = [];

    /// <summary>Flagged only in a later version's model.</summary>
    public IReadOnlyList<string> FlaggedLater { get; init; } = [];

    /// <summary>Filled in by the service by its documentation, flagged nowhere.</summary>
    public IReadOnlyList<string> ByHand { get; init; } = [];

    /// <summary>Flagged in the GET model although PUT takes or needs them.</summary>
    public IReadOnlyList<string> FlaggedOnGetButWritable { get; init; } = [];
}
