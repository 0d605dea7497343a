namespace AzsBackup.Vault;

/// <summary>What an opened vault is.</summary>
public sealed record VaultInfo
{
    /// <summary>The vault's id, made with it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The version of its format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The size of a chunk in bytes: a power of two from 256 KiB to 4 MiB.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Whether its objects are encrypted.</summary>
    public required bool Encrypted { get; init; }

    /// <summary>When it was made (UTC), by its maker's clock.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Where it lies, without any secret.</summary>
    public required string Location { get; init; }
}
