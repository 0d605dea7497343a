namespace AzsBackup.Engine.Restore;

/// <summary>Where the bytes of a restored disk go. Nothing is written where the disk has zeros. Safe for concurrent use.</summary>
internal interface IDiskSink
{
    /// <summary>Writes bytes at an offset; both are multiples of 512. Gives how many were really written, zeros left out.</summary>
    ValueTask<long> WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
