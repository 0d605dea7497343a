namespace AzsBackup.Model;

/// <summary>What <c>Test-AzsBackupVault</c> found, in one object: the last one it emits.</summary>
public sealed record AzsVaultVerification
{
    /// <summary>The vault.</summary>
    public required AzsBackupVault Vault { get; init; }

    /// <summary>When the verification began (UTC), by the clock of the vault's storage.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether nothing is damaged now: nothing was, or all of it was repaired.</summary>
    public bool Healthy => Damaged == Repaired;

    /// <summary>Recovery points looked at.</summary>
    public required int RecoveryPoints { get; init; }

    /// <summary>Recovery points that can't be restored completely.</summary>
    public required int RecoveryPointsHurt { get; init; }

    /// <summary>Chunks in the vault; whether those that points need are there is always checked.</summary>
    public required long Chunks { get; init; }

    /// <summary>Chunks that were read back, decrypted and hashed.</summary>
    public required long ChunksRead { get; init; }

    /// <summary>Bytes read for them.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Damaged objects.</summary>
    public required int Damaged { get; init; }

    /// <summary>Those of them that were repaired.</summary>
    public required int Repaired { get; init; }

    /// <summary>Damaged chunks that hurt nobody any more, because they were stored once more.</summary>
    public required int Healed { get; init; }

    /// <summary>The seed of the sample: the same seed chooses the same chunks.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether the vault remembers what was verified. It does not where nothing may be created.</summary>
    public required bool Recorded { get; init; }
}
