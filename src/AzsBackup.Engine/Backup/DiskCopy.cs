using System.Collections.Concurrent;
using AzsBackup.Engine.Backup.Resuming;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>Puts parts of one disk into a vault and counts what that cost.</summary>
internal sealed class DiskCopy(
    VaultSession session, IPageBlobReader reader, long length, int chunkSize, DiskTransfer transfer, TransferMeter meter, DiskProgress? progress)
{
    private long _read;
    private long _stored;

    /// <summary>Bytes read from the stack.</summary>
    public long BytesRead => Interlocked.Read(ref _read);

    /// <summary>Bytes added to the vault.</summary>
    public long BytesStored => Interlocked.Read(ref _stored);

    /// <summary>Puts every chunk that the ranges touch, ascending ones that are known beforehand.</summary>
    public Task<IReadOnlyDictionary<long, ChunkReference>> PutAsync(IEnumerable<ByteRange> ranges, CancellationToken cancellationToken)
    {
        return PutAsync(KnownAsync(), cancellationToken);

        async IAsyncEnumerable<ByteRange> KnownAsync()
        {
            foreach (var range in ranges) yield return range;
            await Task.CompletedTask.ConfigureAwait(false);
        }
    }

    /// <summary>Puts every chunk that the ranges touch.</summary>
    /// <param name="ranges">Ascending.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The chunks by number; those that are zeros are left out.</returns>
    public async Task<IReadOnlyDictionary<long, ChunkReference>> PutAsync(IAsyncEnumerable<ByteRange> ranges, CancellationToken cancellationToken)
    {
        var chunks = new ConcurrentDictionary<long, ChunkReference>();
        var read = await transfer.RunAsync(reader, ranges, length, chunkSize, meter, async (piece, bytes, cancelled) =>
        {
            var done = new List<StreamChunk>(((bytes.Length - 1) / chunkSize) + 1);
            for (var at = 0; at < bytes.Length; at += chunkSize)
            {
                var plain = bytes.Slice(at, Math.Min(chunkSize, bytes.Length - at));
                var chunk = await session.PutChunkAsync(plain, cancelled).ConfigureAwait(false);
                done.Add(new StreamChunk((piece.Offset + at) / chunkSize, chunk));
                if (chunk.IsZero) continue;
                Interlocked.Add(ref _stored, chunk.BytesStored);
                chunks[(piece.Offset + at) / chunkSize] = chunk;
            }

            if (progress is not null) await progress.AddAsync(done, bytes.Length, cancelled).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _read, read);
        return chunks;
    }
}
