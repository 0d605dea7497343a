namespace AzsBackup.Model;

/// <summary>A vault, as <c>New-</c> and <c>Get-AzsBackupVault</c> emit it. Holds no key.</summary>
public sealed record AzsBackupVault
{
    /// <summary>The vault's id, made with it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it lies: a folder's full path, or a container's URI without its SAS.</summary>
    public required string Path { get; init; }

    /// <summary>The version of the on-disk format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The size of a chunk, in bytes.</summary>
    public required int ChunkSizeBytes { get; init; }

    /// <summary>Whether its objects are encrypted.</summary>
    public required bool Encrypted { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>How many recovery points it held when this object was emitted.</summary>
    public required int RecoveryPoints { get; init; }

    /// <summary>The secrets that opened it when this object was emitted, oldest first; none without encryption.</summary>
    public IReadOnlyList<AzsBackupVaultKey> KeySlots { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Path;
}
