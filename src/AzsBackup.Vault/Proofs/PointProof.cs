namespace AzsBackup.Vault.Proofs;

/// <summary>The result of having tried out a point, kept with it.</summary>
public sealed record PointProof
{
    /// <summary>What was proven: a word of the prover's, 1 to 32 small letters.</summary>
    public required string Level { get; init; }

    /// <summary>Whether all was as it should be.</summary>
    public required bool Passed { get; init; }

    /// <summary>When the proof began (UTC), by the prover's clock.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Who made it, on which machine; at most 4096 characters.</summary>
    public required string By { get; init; }

    /// <summary>What was found, for people; at most 4096 characters, the rest is cut off.</summary>
    public required string Statement { get; init; }
}
