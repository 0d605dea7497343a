namespace AzsBackup.Vault.Verification;

/// <summary>What is wrong with an object that was looked at.</summary>
internal sealed record Finding(VaultDamageKind Kind, string Why);
