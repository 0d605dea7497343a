namespace AzsBackup.Vault.Retention;

/// <summary>A point as retention sees it.</summary>
/// <param name="Id">The point's id.</param>
/// <param name="CreatedAt">The time whose state it holds (UTC).</param>
/// <param name="Pinned">Whether somebody wants it kept whatever the policy says.</param>
public readonly record struct RetainedPoint(string Id, DateTime CreatedAt, bool Pinned);
