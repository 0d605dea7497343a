using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>Reads parts of a disk, many requests in flight within the process's memory budget.</summary>
/// <param name="budget">The memory all transfers share.</param>
/// <param name="requestsInFlight">How many pieces of one disk are read at once.</param>
public sealed class DiskTransfer(TransferBudget budget, int requestsInFlight)
{
    /// <summary>What to do with a piece that was read. Called concurrently, in no order; the memory is reused afterwards.</summary>
    public delegate ValueTask PieceHandler(ByteRange piece, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Checks that an exported disk is what it must be: a fixed VHD whose footer agrees with its length.</summary>
    /// <returns>The size the guest sees, in bytes.</returns>
    /// <exception cref="AzsException">It is no fixed VHD, so it could not be restored as one.</exception>
    public static async Task<long> ReadDiskSizeAsync(VmDisk disk, IPageBlobReader reader, CancellationToken cancellationToken)
    {
        var length = await reader.GetLengthAsync(cancellationToken).ConfigureAwait(false);
        if (length > VhdFooter.Length && length % VhdFooter.Length == 0)
        {
            var bytes = new byte[VhdFooter.Length];
            await reader.ReadAsync(length - VhdFooter.Length, bytes, cancellationToken).ConfigureAwait(false);
            if (VhdFooter.Read(bytes) is { } footer && footer.DiskSize == length - VhdFooter.Length) return footer.DiskSize;
        }

        throw new AzsException(
            AzsErrorKind.DataDamaged,
            "DiskIsNoFixedVhd",
            $"Disk '{disk.Name}' does not end in the footer of a fixed VHD, so nothing could be restored from it.",
            "Leave it out with -ExcludeDisk, or convert it to a fixed VHD first.",
            disk.Id);
    }

    /// <summary>Reads the chunks that ranges touch, as pieces of one or more, and hands them on. The meter is told of each.</summary>
    /// <param name="reader">The disk.</param>
    /// <param name="ranges">What to read, ascending.</param>
    /// <param name="length">The disk's length in bytes.</param>
    /// <param name="chunkSize">The chunk size in bytes.</param>
    /// <param name="meter">Told of the bytes of each piece that was handled.</param>
    /// <param name="handler">Gets the pieces.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>How many bytes were read.</returns>
    public async Task<long> RunAsync(
        IPageBlobReader reader,
        IAsyncEnumerable<ByteRange> ranges,
        long length,
        int chunkSize,
        TransferMeter meter,
        PieceHandler handler,
        CancellationToken cancellationToken)
    {
        var read = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = requestsInFlight, CancellationToken = cancellationToken };
        var pieces = ReadPlan.PiecesAsync(ranges, length, chunkSize, TransferBudget.PieceLength, cancellationToken);
        await Parallel.ForEachAsync(pieces, options, async (piece, cancelled) =>
        {
            using var buffer = await budget.TakeAsync(cancelled).ConfigureAwait(false);
            var bytes = buffer.Slice((int)piece.Length);
            await reader.ReadAsync(piece.Offset, bytes, cancelled).ConfigureAwait(false);
            Interlocked.Add(ref read, piece.Length);
            await handler(piece, bytes, cancelled).ConfigureAwait(false);
            meter.Add(piece.Length);
        }).ConfigureAwait(false);
        return read;
    }
}
