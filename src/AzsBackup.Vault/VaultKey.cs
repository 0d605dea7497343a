namespace AzsBackup.Vault;

/// <summary>A key slot: one of the secrets that open a vault.</summary>
/// <param name="Id">Its id: 32 hex digits.</param>
/// <param name="Kind">What sort of secret: <c>passphrase</c>.</param>
/// <param name="CreatedAt">When it was added (UTC), by its maker's clock.</param>
/// <param name="IsUsed">Whether it is the one that opened this vault.</param>
public sealed record VaultKey(string Id, string Kind, DateTime CreatedAt, bool IsUsed);
