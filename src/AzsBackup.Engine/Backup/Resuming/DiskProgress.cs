using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>What of one disk is in the vault. Safe for concurrent use.</summary>
internal sealed class DiskProgress(RunProgress run, int stream, long length, long pageBytes)
{
    private readonly object _gate = new();
    private List<StreamChunk> _pending = [];
    private long _pendingBytes;
    private int _writing;

    /// <summary>Says how much of the disk there is to read.</summary>
    public void Expect(long bytes) => run.Expect(bytes);

    /// <summary>Takes chunks in that were put; writes a page when there is enough for one.</summary>
    public async ValueTask AddAsync(IEnumerable<StreamChunk> chunks, long bytes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _pending.AddRange(chunks);
            _pendingBytes += bytes;
            if (_pendingBytes < pageBytes) return;
        }

        // The others go on reading meanwhile.
        if (Interlocked.Exchange(ref _writing, 1) == 1) return;
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>Writes down what is not yet.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        List<StreamChunk> chunks;
        long bytes;
        lock (_gate)
        {
            (chunks, bytes) = (_pending, _pendingBytes);
            (_pending, _pendingBytes) = ([], 0);
        }

        if (chunks.Count == 0) return;
        var written = false;
        try
        {
            var ascending = chunks.GroupBy(chunk => chunk.Number).Select(same => same.Last()).OrderBy(chunk => chunk.Number).ToList();
            await run.WriteAsync(stream, length, ascending, bytes, cancellationToken).ConfigureAwait(false);
            written = true;
        }
        finally
        {
            // A page whose writer was stopped is written by whoever flushes at the end.
            if (!written)
            {
                lock (_gate)
                {
                    _pending.AddRange(chunks);
                    _pendingBytes += bytes;
                }
            }
        }
    }
}
