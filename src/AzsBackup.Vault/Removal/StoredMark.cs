namespace AzsBackup.Vault.Removal;

/// <summary>A mark as a listing shows it.</summary>
/// <param name="Number">Its place in the log.</param>
/// <param name="CreatedAt">When it was created, by the store's clock.</param>
internal readonly record struct StoredMark(int Number, DateTime CreatedAt);
