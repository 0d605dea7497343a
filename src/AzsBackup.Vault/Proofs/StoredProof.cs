namespace AzsBackup.Vault.Proofs;

/// <summary>A proof as a listing shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When it was created, by the store's clock.</param>
internal readonly record struct StoredProof(string Id, DateTime CreatedAt);
