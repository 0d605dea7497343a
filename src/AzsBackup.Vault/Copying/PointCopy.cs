using AzsBackup.Model;

namespace AzsBackup.Vault.Copying;

/// <summary>What became of one point.</summary>
public sealed record PointCopy
{
    /// <summary>The point, as the source lists it.</summary>
    public required PointHeader Point { get; init; }

    /// <summary>Whether the destination has it.</summary>
    public required PointCopyStatus Status { get; init; }

    /// <summary>How many chunks were put into the destination for it.</summary>
    public long ChunksCopied { get; init; }

    /// <summary>What that and the point's own objects added to the destination, in bytes.</summary>
    public long BytesCopied { get; init; }

    /// <summary>The objects of the source that are damaged or missing and that this point needs.</summary>
    public IReadOnlyList<string> DamagedObjects { get; init; } = [];

    /// <summary>Why it failed; <see langword="null"/> unless it did.</summary>
    public AzsException? Failure { get; init; }
}
