namespace AzsBackup.Engine.Inspection;

/// <summary>A part of a disk: a partition, or all of it.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">Its length in bytes; what lies behind the disk's end can't be read.</param>
public sealed record DiskSlice(IDiskReader Disk, long Offset, long Length)
{
    /// <summary>All of a disk.</summary>
    public static DiskSlice Of(IDiskReader disk) => new(disk, 0, disk.Size);

    /// <summary>Reads, if the range lies within slice and disk.</summary>
    /// <param name="offset">From the slice's beginning, in bytes; whatever a disk says.</param>
    /// <param name="length">How many bytes; a number of the caller's, not of the disk's.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The bytes; null if there are none at this place.</returns>
    /// <exception cref="Model.AzsException">The bytes can't be read.</exception>
    public async Task<byte[]?> TryReadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        if (offset < 0 || offset > Length - length || Offset > Disk.Size - offset - length) return null;
        var bytes = new byte[length];
        await Disk.ReadAsync(Offset + offset, bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }
}
