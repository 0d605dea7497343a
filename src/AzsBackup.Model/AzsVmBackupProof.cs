namespace AzsBackup.Model;

/// <summary>What came of trying out a recovery point.</summary>
public sealed record AzsVmBackupProof
{
    /// <summary>The recovery point.</summary>
    public required AzsVmRecoveryPoint RecoveryPoint { get; init; }

    /// <summary>The VM's name.</summary>
    public string VmName => RecoveryPoint.VmName;

    /// <summary>How far it was tried out.</summary>
    public required AzsProofLevel Level { get; init; }

    /// <summary>Whether all was as it should be. What is unknown or encrypted does not count against it.</summary>
    public required bool Passed { get; init; }

    /// <summary>When it began (UTC), by this machine's clock.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Who tried it out, on which machine.</summary>
    public required string By { get; init; }

    /// <summary>Different chunks that were read back.</summary>
    public required long Chunks { get; init; }

    /// <summary>Bytes read from the vault for them.</summary>
    public required long BytesRead { get; init; }

    /// <summary>What is wrong, in a sentence each; empty if it passed.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    /// <summary>What is on the disks; empty at level <c>Chunks</c>.</summary>
    public IReadOnlyList<AzsInspectedVolume> Volumes { get; init; } = [];

    /// <summary>How long it took from the start of the restore until the VM was up; null below level <c>Boot</c>, or if it did not come up.</summary>
    public TimeSpan? RecoveryTime { get; init; }

    /// <summary>Whether the vault keeps this result with the recovery point. It does not where nothing may be created.</summary>
    public required bool Certified { get; init; }

    /// <summary>Whether what the vault keeps is sealed with the vault's key, so that nobody without it can make or change it. In a vault without encryption it is not.</summary>
    public required bool Sealed { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{RecoveryPoint}: {Level} {(Passed ? "passed" : "failed")}";
}
