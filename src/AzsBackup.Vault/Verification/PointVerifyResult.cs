namespace AzsBackup.Vault.Verification;

/// <summary>What the verification of one point found.</summary>
public sealed record PointVerifyResult
{
    /// <summary>When it began (UTC), by the store's clock if it could be learnt, else by this machine's.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>Different chunks that the point refers to; 0 if its header or indexes can't be read.</summary>
    public required long Chunks { get; init; }

    /// <summary>Bytes of the store that were read for them.</summary>
    public required long BytesRead { get; init; }

    /// <summary>What is damaged of the point; what names no point in <see cref="VaultDamage.PointIds"/> does not hurt it.</summary>
    public required IReadOnlyList<VaultDamage> Damage { get; init; }

    /// <summary>Damaged or missing chunks that hurt nobody, because another generation of them is whole.</summary>
    public required int Healed { get; init; }

    /// <summary>Whether the vault remembers what was verified. It does not if nothing may be created there.</summary>
    public required bool Recorded { get; init; }

    /// <summary>Whether the point can be restored completely.</summary>
    public bool IsWhole => Damage.All(damage => damage.PointIds.Count == 0);
}
