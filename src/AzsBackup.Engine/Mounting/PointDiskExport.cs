using System.Buffers;
using System.Numerics;
using AzsBackup.Engine.Mounting.Nbd;
using AzsBackup.Model;

namespace AzsBackup.Engine.Mounting;

/// <summary>A disk of a recovery point, as NBD clients see it.</summary>
/// <param name="disk">The disk.</param>
/// <param name="name">The export's name.</param>
/// <param name="description">What it is, for people.</param>
/// <param name="warnings">Told of what can't be read.</param>
internal sealed class PointDiskExport(PointDisk disk, string name, string description, MountWarnings warnings) : INbdExport
{
    public string Name => name;

    public string Description => description;

    public long Size => disk.Size;

    // Chunk sizes are powers of two from 256 KiB to 4 MiB.
    public int PreferredBlockSize => (int)BitOperations.RoundUpToPowerOf2((uint)disk.ChunkSize);

    public NbdExtent ExtentAt(long offset, long limit)
    {
        var (length, isZero) = disk.RunAt(offset, limit);
        return new NbdExtent(length, isZero);
    }

    public int PieceAt(long offset, int limit) => disk.PieceAt(offset, limit);

    public async ValueTask<IMemoryOwner<byte>> ReadAsync(long offset, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await disk.LeaseAsync(offset, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException failure)
        {
            warnings.Add(disk, offset, failure);
            throw new IOException(failure.Message, failure);
        }
        catch (ObjectDisposedException closed)
        {
            throw new IOException("The vault is closed.", closed);
        }
    }
}
