using System.Buffers;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Inspection;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Mounting;

/// <summary>
/// A disk of a recovery point, to be read at any place, as the guest saw it: without the VHD footer. Every chunk is
/// authenticated and hashed before a byte of it is given out. Safe for concurrent use, as long as the vault is open.
/// </summary>
public sealed class PointDisk : IDiskReader
{
    private readonly BackupVault _vault;
    private readonly PointReader _point;
    private readonly StreamIndex _stream;
    private readonly ChunkCache _cache;

    /// <summary>Takes a disk of an opened point.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="point">The point, opened.</param>
    /// <param name="disk">Which disk.</param>
    /// <param name="cache">Where chunks read lately are.</param>
    /// <exception cref="AzsException"><c>PointDiskDamaged</c>: the point does not hold the disk as it says.</exception>
    public PointDisk(BackupVault vault, PointReader point, AzsRecoveryPointDisk disk, ChunkCache cache)
    {
        (_vault, _point, _cache) = (vault, point, cache);
        Disk = disk;
        var slot = VmDisk.SlotOf(disk.Lun);
        _stream = point.Streams.FirstOrDefault(stream => stream.Name == slot && stream.Length >= disk.SizeBytes && disk.SizeBytes > 0)
            ?? throw new AzsException(
                AzsErrorKind.DataDamaged,
                "PointDiskDamaged",
                $"The recovery point does not hold {disk.SizeBytes} bytes of the disk '{disk.Name}', as it says.",
                "List the points again with Get-AzsVmBackup, and test the vault with Test-AzsBackupVault.",
                disk.Name);
    }

    /// <summary>What the point says of the disk.</summary>
    public AzsRecoveryPointDisk Disk { get; }

    /// <summary>Its size in bytes.</summary>
    public long Size => Disk.SizeBytes;

    /// <summary>The vault's chunk size in bytes: reading a byte reads as much.</summary>
    public int ChunkSize => _stream.ChunkSize;

    /// <summary>The run of chunks at an offset that are all stored, or all zeros.</summary>
    /// <param name="offset">From 0, less than <see cref="Size"/>.</param>
    /// <param name="limit">The most that is of interest, in bytes; 1 or more, and within the disk.</param>
    public (long Length, bool IsZero) RunAt(long offset, long limit)
    {
        var number = offset / ChunkSize;
        var isZero = _stream.Find(number).IsZero;
        var end = offset + limit;
        do
        {
            number++;
        }
        while (number * ChunkSize < end && _stream.Find(number).IsZero == isZero);
        return (Math.Min(end, number * ChunkSize) - offset, isZero);
    }

    /// <summary>How many bytes from an offset on lie in its chunk, up to a limit.</summary>
    public int PieceAt(long offset, int limit) => (int)Math.Min(limit, ChunkSize - (offset % ChunkSize));

    /// <summary>Reads what lies in one chunk.</summary>
    /// <param name="offset">From 0, less than <see cref="Size"/>.</param>
    /// <param name="limit">The most that is wanted, in bytes; 1 or more, and within the disk.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>From the offset to the end of its chunk or the limit. Dispose it soon.</returns>
    /// <exception cref="AzsException">The chunk is damaged or missing, or the store failed.</exception>
    public async ValueTask<IMemoryOwner<byte>> LeaseAsync(long offset, int limit, CancellationToken cancellationToken)
    {
        var number = offset / ChunkSize;
        var length = PieceAt(offset, limit);
        var chunk = _stream.Find(number);
        if (chunk.IsZero) return new Zeros(length);
        var lease = await _cache.LeaseAsync(
            _vault, chunk.Name, chunk.Length, memory => _point.ReadChunkAsync(_stream, number, memory, CancellationToken.None).AsTask(), cancellationToken).ConfigureAwait(false);
        return new Part(lease, (int)(offset % ChunkSize), length);
    }

    /// <summary>Reads.</summary>
    /// <param name="offset">From 0.</param>
    /// <param name="destination">What to fill; must lie within the disk.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException">A chunk is damaged or missing, or the store failed.</exception>
    public async Task ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (destination.Length > 0)
        {
            using var piece = await LeaseAsync(offset, destination.Length, cancellationToken).ConfigureAwait(false);
            piece.Memory.CopyTo(destination);
            offset += piece.Memory.Length;
            destination = destination[piece.Memory.Length..];
        }
    }

    private sealed class Part(IMemoryOwner<byte> chunk, int offset, int length) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => chunk.Memory.Slice(offset, length);

        public void Dispose() => chunk.Dispose();
    }

    private sealed class Zeros(int length) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = new byte[length];

        public void Dispose()
        {
        }
    }
}
