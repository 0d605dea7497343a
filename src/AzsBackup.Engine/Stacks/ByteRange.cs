namespace AzsBackup.Engine.Stacks;

/// <summary>A part of a disk.</summary>
/// <param name="Offset">Where it starts, in bytes.</param>
/// <param name="Length">How long it is, in bytes; more than 0.</param>
public readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>The first byte after it.</summary>
    public long End => Offset + Length;
}
