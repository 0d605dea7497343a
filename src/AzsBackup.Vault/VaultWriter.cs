namespace AzsBackup.Vault;

/// <summary>Somebody who is writing to a vault, or died without saying so.</summary>
/// <param name="SessionId">The id of the session: 32 hex digits.</param>
/// <param name="HeardAt">When it was last heard of (UTC), by the store's clock; a living session is heard of every ten minutes.</param>
public sealed record VaultWriter(string SessionId, DateTime HeardAt);
