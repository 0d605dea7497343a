using System.Buffers;

namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>What an NBD server serves: bytes that can be read at any place. Safe for concurrent use.</summary>
public interface INbdExport
{
    /// <summary>The name clients ask for; 1 to 4096 bytes of UTF-8.</summary>
    string Name { get; }

    /// <summary>What it is, for people.</summary>
    string Description { get; }

    /// <summary>Its length in bytes.</summary>
    long Size { get; }

    /// <summary>The length in bytes of the pieces in which reading is cheapest; a power of two from 512 to 32 MiB.</summary>
    int PreferredBlockSize { get; }

    /// <summary>The run that begins at an offset: as much as is alike, up to a limit.</summary>
    /// <param name="offset">From 0, less than <see cref="Size"/>.</param>
    /// <param name="limit">The most that is wanted, in bytes; 1 or more, and within the export.</param>
    NbdExtent ExtentAt(long offset, long limit);

    /// <summary>Reads.</summary>
    /// <param name="offset">From 0, less than <see cref="Size"/>.</param>
    /// <param name="limit">The most that is wanted, in bytes; 1 or more, and within the export.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The bytes at the offset: 1 or more, and not always as many as are wanted. Dispose it soon.</returns>
    /// <exception cref="IOException">They can't be read.</exception>
    ValueTask<IMemoryOwner<byte>> ReadAsync(long offset, int limit, CancellationToken cancellationToken);

    /// <summary>How many of the bytes at an offset can't be read when one of them can't; up to a limit.</summary>
    /// <param name="offset">From 0, less than <see cref="Size"/>.</param>
    /// <param name="limit">The most that is of interest, in bytes; 1 or more.</param>
    int PieceAt(long offset, int limit);
}
