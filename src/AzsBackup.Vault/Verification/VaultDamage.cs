namespace AzsBackup.Vault.Verification;

/// <summary>An object of a vault that is not as it should be.</summary>
public sealed record VaultDamage
{
    /// <summary>The object's name.</summary>
    public required string ObjectName { get; init; }

    /// <summary>What is wrong.</summary>
    public required VaultDamageKind Kind { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The ids of the points that can't be restored completely because of it; empty if it hurts none.</summary>
    public IReadOnlyList<string> PointIds { get; init; } = [];

    /// <summary>Whether it was put right in this run.</summary>
    public bool Repaired { get; init; }
}
