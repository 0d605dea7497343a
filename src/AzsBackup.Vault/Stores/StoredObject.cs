namespace AzsBackup.Vault.Stores;

/// <summary>What a listing says of an object.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="CreatedAt">When it was created, by the store's clock (UTC).</param>
public readonly record struct StoredObject(string Name, long Length, DateTime CreatedAt);
