using AzsBackup.Engine.Inspection;
using AzsBackup.Model;

namespace AzsBackup.Tests.Engine.Inspection;

/// <summary>An image in memory as a disk; ranges can be made unreadable.</summary>
internal sealed class FileDisk(byte[] image) : IDiskReader
{
    public long Size => image.Length;

    /// <summary>Reading from here to the end fails.</summary>
    public long UnreadableFrom { get; set; } = long.MaxValue;

    public Task ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (offset + destination.Length > UnreadableFrom) throw new AzsException(AzsErrorKind.DataDamaged, "ChunkDamaged", "The chunk is damaged.", "Restore another.");
        image.AsMemory((int)offset, destination.Length).CopyTo(destination);
        return Task.CompletedTask;
    }
}
