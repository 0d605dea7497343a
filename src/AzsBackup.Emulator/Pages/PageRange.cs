namespace AzsBackup.Emulator.Pages;

/// <summary>A stretch of a volume that holds written pages. Bytes; both numbers are multiples of 512.</summary>
public readonly record struct PageRange(long Offset, long Length)
{
    /// <summary>The first byte behind the range.</summary>
    public long End => Offset + Length;
}
