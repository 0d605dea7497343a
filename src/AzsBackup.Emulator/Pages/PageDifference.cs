namespace AzsBackup.Emulator.Pages;

/// <summary>A stretch of a volume that was written or cleared since an earlier state, whether or not its bytes are other than before.</summary>
/// <param name="Offset">First byte; a multiple of 512.</param>
/// <param name="Length">Bytes; a multiple of 512.</param>
/// <param name="IsCleared">True where the pages are unallocated now: they read as zeros.</param>
public readonly record struct PageDifference(long Offset, long Length, bool IsCleared)
{
    /// <summary>The first byte behind the range.</summary>
    public long End => Offset + Length;
}
