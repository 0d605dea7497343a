namespace AzsBackup.Vault;

/// <summary>A key slot of a vault: one of the secrets that open it. Holds no secret.</summary>
/// <param name="Id">The slot's id: 32 hex digits.</param>
/// <param name="Kind">What sort of secret it is: <c>passphrase</c>, <c>certificate</c> or <c>recovery</c>.</param>
/// <param name="CreatedAt">When it was added (UTC), by the adder's clock.</param>
/// <param name="PublicKey">For a certificate, hex of the SHA-256 of its SubjectPublicKeyInfo; else <see langword="null"/>.</param>
/// <param name="IsUsed">Whether the vault this was listed from was opened with it.</param>
public sealed record VaultKey(string Id, string Kind, DateTime CreatedAt, string? PublicKey, bool IsUsed);
