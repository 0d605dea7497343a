namespace AzsBackup.Vault;

/// <summary>Says which stored chunk holds a piece of a stream, or that the piece is zeros.</summary>
/// <param name="Name">The chunk's name.</param>
/// <param name="Generation">Which of the objects of this name: 0 unless an earlier one was about to be swept (FORMAT.md §9).</param>
/// <param name="Length">How many plain bytes it holds; 0 for <see cref="Zero"/>.</param>
/// <param name="BytesStored">What putting it has added to the store, in bytes: 0 if it was there. Neither stored nor compared.</param>
public readonly record struct ChunkReference(ChunkName Name, int Generation, int Length, int BytesStored)
{
    /// <summary>A piece of zeros; nothing is stored for it.</summary>
    public static ChunkReference Zero => default;

    /// <summary>Whether this is <see cref="Zero"/>.</summary>
    public bool IsZero => Name == default;

    /// <inheritdoc/>
    public bool Equals(ChunkReference other) => Name == other.Name && Generation == other.Generation;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Generation);
}
