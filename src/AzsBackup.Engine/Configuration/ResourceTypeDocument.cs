namespace AzsBackup.Engine.Configuration;

/// <summary>The form of <c>resource-types.json</c>.</summary>
internal sealed record ResourceTypeDocument
{
    /// <summary>What the file is.</summary>
    public required string About { get; init; }

    /// <summary>Where each kind of entry comes from.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>See <see cref="ResourceTypeTable.Volatile"/>.</summary>
    public required IReadOnlyList<string> Volatile { get; init; }

    /// <summary>See <see cref="ResourceTypeTable.Types"/>.</summary>
    public required IReadOnlyList<ResourceTypeDescription> Types { get; init; }
}
