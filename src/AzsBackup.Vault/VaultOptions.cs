using System.Numerics;
using AzsBackup.Model;

namespace AzsBackup.Vault;

/// <summary>What is decided when a vault is made, for ever.</summary>
public sealed record VaultOptions
{
    /// <summary>The smallest chunk size, in bytes.</summary>
    public const int MinimumChunkSize = 256 << 10;

    /// <summary>The greatest chunk size, in bytes.</summary>
    public const int MaximumChunkSize = 4 << 20;

    /// <summary>The chunk size unless another is asked for, in bytes. Measured: FORMAT.md, "Which chunk size".</summary>
    public const int DefaultChunkSize = 512 << 10;

    /// <summary>The size of a chunk in bytes: a power of two from <see cref="MinimumChunkSize"/> to <see cref="MaximumChunkSize"/>.</summary>
    public int ChunkSize { get; init; } = DefaultChunkSize;

    /// <summary>Whether a chunk size is one a vault can have.</summary>
    /// <param name="bytes">The size in bytes.</param>
    public static bool IsChunkSize(long bytes) =>
        bytes is >= MinimumChunkSize and <= MaximumChunkSize && BitOperations.IsPow2(bytes);

    /// <summary>Checks all options.</summary>
    /// <exception cref="AzsException"><c>VaultOptionsInvalid</c>.</exception>
    public void Validate()
    {
        if (!IsChunkSize(ChunkSize))
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "VaultOptionsInvalid", $"A chunk size of {ChunkSize} bytes is not possible.",
                $"Choose a power of two from {MinimumChunkSize} to {MaximumChunkSize} bytes, or leave it at {DefaultChunkSize}.");
        }
    }
}
