namespace AzsBackup.Model;

/// <summary>What became of one recovery point when its vault was copied.</summary>
public sealed record AzsBackupVaultCopy
{
    /// <summary>The recovery point's id; the same in both vaults.</summary>
    public required string Id { get; init; }

    /// <summary>The VM's name; empty if the source can't read the point.</summary>
    public required string VmName { get; init; }

    /// <summary>The time whose state the point holds (UTC).</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Whether the copy has it.</summary>
    public required AzsVaultCopyStatus Status { get; init; }

    /// <summary>How many chunks were copied for it; those that were there are not counted.</summary>
    public required long ChunksCopied { get; init; }

    /// <summary>What was added to the copy for it, in bytes.</summary>
    public required long BytesCopied { get; init; }

    /// <summary>The objects of the source that it needs and that are damaged or missing.</summary>
    public required IReadOnlyList<string> DamagedObjects { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Reason { get; init; }

    /// <summary>Where the source lies, without any secret.</summary>
    public required string Source { get; init; }

    /// <summary>Where the copy lies, without any secret.</summary>
    public required string Destination { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{VmName} {Id}: {Status}";
}
