namespace AzsBackup.Vault.Verification;

/// <summary>What a verification found.</summary>
public sealed record VerifyResult
{
    /// <summary>When it began (UTC), by the store's clock if it could be learnt, else by this machine's.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>Published points looked at.</summary>
    public int Points { get; init; }

    /// <summary>Points that can't be restored completely.</summary>
    public int PointsHurt { get; init; }

    /// <summary>Chunks that are there.</summary>
    public long Chunks { get; init; }

    /// <summary>Chunks that were read back, decrypted and hashed.</summary>
    public long ChunksRead { get; init; }

    /// <summary>Bytes of the store that were read for them.</summary>
    public long BytesRead { get; init; }

    /// <summary>All objects but chunks that were read.</summary>
    public long OtherObjectsRead { get; init; }

    /// <summary>Damaged objects of all kinds, those included that were repaired.</summary>
    public int Damaged { get; init; }

    /// <summary>Those that were repaired.</summary>
    public int Repaired { get; init; }

    /// <summary>Damaged or missing chunks that hurt nobody, because another generation of them is whole.</summary>
    public int Healed { get; init; }

    /// <summary>The sample, if it was not all of them.</summary>
    public int Seed { get; init; }

    /// <summary>Whether the vault remembers what was verified. It does not if nothing may be created there.</summary>
    public bool Recorded { get; init; }
}
