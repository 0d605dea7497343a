namespace AzsBackup.Model;

/// <summary>A key slot of a vault: one of the secrets that open it. Holds no secret.</summary>
public sealed record AzsBackupVaultKey
{
    /// <summary>The slot's id.</summary>
    public required string Id { get; init; }

    /// <summary>What sort of secret it is: <c>passphrase</c>, <c>certificate</c> or <c>recovery</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was added (UTC).</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>For a certificate, the SHA-256 of its public key (SubjectPublicKeyInfo) in hex; else null.</summary>
    public string? PublicKey { get; init; }

    /// <summary>Whether the vault this was listed from was opened with it.</summary>
    public required bool IsUsed { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Id}";
}
