namespace AzsBackup.Engine.Inspection;

/// <summary>A disk to be looked at: bytes that can be read at any place.</summary>
public interface IDiskReader
{
    /// <summary>Its length in bytes.</summary>
    long Size { get; }

    /// <summary>Reads.</summary>
    /// <param name="offset">From 0.</param>
    /// <param name="destination">What to fill; must lie within the disk.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="Model.AzsException">The bytes can't be read.</exception>
    Task ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}
