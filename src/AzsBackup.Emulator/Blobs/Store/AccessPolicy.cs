namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A stored access policy: what a SAS that names it leaves out. Null: left to the SAS.</summary>
internal sealed record AccessPolicy(DateTimeOffset? Start, DateTimeOffset? Expiry, string? Permissions);
