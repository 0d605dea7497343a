using AzsBackup.Engine.Disks;
using AzsBackup.Model;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>Writes down, while disks are read, what of them is in the vault: for the next run, should this one die.</summary>
/// <param name="journal">Where to.</param>
/// <param name="snapshots">What is read; null if the stack tells too little to know the snapshots again: then nothing is written.</param>
/// <param name="pageBytes">How many bytes of a disk at most are not written down; null for a hundredth of the disk.</param>
internal sealed class RunProgress(RunJournal journal, RunSnapshots? snapshots, long? pageBytes) : IDisposable
{
    private const long SmallestPage = 2L * TransferBudget.PieceLength;
    private const long GreatestPage = 512L << 20;

    private readonly SemaphoreSlim _noting = new(1, 1);
    private readonly List<DiskProgress> _disks = [];
    private bool _noted;
    private long _expected;
    private long _recorded;

    /// <summary>Bytes that the next run need not read again.</summary>
    public long BytesRecorded => Interlocked.Read(ref _recorded);

    /// <summary>Bytes that this run has to read, or took over.</summary>
    public long BytesExpected => Interlocked.Read(ref _expected);

    /// <summary>Begins a disk; null if nothing is written down.</summary>
    /// <param name="stream">The disk's place among the run's disks.</param>
    /// <param name="length">Its length in bytes.</param>
    public DiskProgress? Begin(int stream, long length)
    {
        if (snapshots is null) return null;
        var disk = new DiskProgress(this, stream, length, pageBytes ?? Math.Clamp(length / 100, SmallestPage, GreatestPage));
        lock (_disks) _disks.Add(disk);
        return disk;
    }

    /// <summary>Writes down what is not yet. Fails silently: then more is read again.</summary>
    public async Task TryFlushAsync()
    {
        try
        {
            foreach (var disk in _disks) await disk.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (AzsException)
        {
            // The vault may be what failed: its failure is on its way to the user.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _noting.Dispose();

    internal void Expect(long bytes) => Interlocked.Add(ref _expected, bytes);

    internal async Task WriteAsync(int stream, long length, IReadOnlyList<Vault.StreamChunk> chunks, long bytes, CancellationToken cancellationToken)
    {
        await _noting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_noted) await journal.WriteNoteAsync(RunSnapshots.NoteName, snapshots!.Write(), cancellationToken).ConfigureAwait(false);
            _noted = true;
        }
        finally
        {
            _noting.Release();
        }

        await journal.WriteProgressAsync(stream, length, chunks, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _recorded, bytes);
    }
}
