namespace AzsBackup.Model;

/// <summary>A damaged object of a vault, as <c>Test-AzsBackupVault</c> emits it.</summary>
public sealed record AzsVaultDamage
{
    /// <summary>What is wrong.</summary>
    public required AzsVaultDamageKind Kind { get; init; }

    /// <summary>The object: a path below the vault's folder, or a blob's name in its container.</summary>
    public required string ObjectName { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The ids of the recovery points that can't be restored completely because of it; empty if it hurts none.</summary>
    public required IReadOnlyList<string> RecoveryPoints { get; init; }

    /// <summary>Whether it was put right in this run.</summary>
    public required bool Repaired { get; init; }

    /// <summary>The vault.</summary>
    public required AzsBackupVault Vault { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {ObjectName}";
}
