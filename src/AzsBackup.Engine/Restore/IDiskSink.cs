namespace AzsBackup.Engine.Restore;

/// <summary>Where the bytes of a restored disk go. Nothing is written where the disk has zeros. Safe for concurrent use.</summary>
public interface IDiskSink
{
    /// <summary>Writes bytes where nothing but zeros was written before.</summary>
    /// <param name="offset">Where they go, in bytes; a multiple of 512.</param>
    /// <param name="bytes">The bytes; a multiple of 512 of them.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>How many bytes were really written, zeros left out.</returns>
    ValueTask<long> WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
