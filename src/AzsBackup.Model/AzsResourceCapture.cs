namespace AzsBackup.Model;

/// <summary>A capture of configuration in a vault: one generation.</summary>
public sealed record AzsResourceCapture
{
    /// <summary>The capture's id in its vault: 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The host name of the stack.</summary>
    public required string Stack { get; init; }

    /// <summary>What was captured: ids of subscriptions, resource groups and resources.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When the export began (UTC).</summary>
    public required DateTime CapturedAt { get; init; }

    /// <summary>How many resources were listed.</summary>
    public required int Resources { get; init; }

    /// <summary>How many of them are missing, or not whole.</summary>
    public required int Missing { get; init; }

    /// <summary>When it may be removed (UTC), by the vault's time; null if nobody asked for that.</summary>
    public DateTime? RemovalDueAt { get; init; }

    /// <summary>When all of it was last read back and found right (UTC); null if never.</summary>
    public DateTime? LastVerified { get; init; }

    /// <summary>The vault it lies in.</summary>
    public required AzsBackupVault Vault { get; init; }
}
