using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Verification;

/// <summary>Writes down what one run verified, as it goes on: a run that dies loses no more than one record. Safe for concurrent use.</summary>
internal sealed class VerificationLog(VaultAccess access, int chunksPerRecord)
{
    private readonly string _runId = access.Runtime.Random.NewId();
    private readonly object _gate = new();
    private List<(UInt128 Prefix, int Generation)> _chunks = [];
    private int _records;

    /// <summary>When the run began.</summary>
    public DateTime StartedAt { get; private set; }

    /// <summary>Whether anything can be written down.</summary>
    public bool Recording { get; private set; }

    /// <summary>Learns the store's time; where nothing may be created, this machine's has to do, and nothing is remembered.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            StartedAt = await StoreClock.ReadAsync(access, cancellationToken).ConfigureAwait(false);
            Recording = true;
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.PermissionDenied)
        {
            StartedAt = access.Runtime.Time.GetUtcNow().UtcDateTime;
        }
    }

    public async Task AddAsync(UInt128 prefix, int generation, CancellationToken cancellationToken)
    {
        List<(UInt128, int)>? full = null;
        lock (_gate)
        {
            _chunks.Add((prefix, generation));
            if (_chunks.Count >= chunksPerRecord)
            {
                full = _chunks;
                _chunks = [];
            }
        }

        if (full is not null)
            await WriteAsync(full, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what is left, and the points that are whole.</summary>
    public async Task EndAsync(IReadOnlyList<(string Id, DateTime At)> points, CancellationToken cancellationToken)
    {
        if (!Recording)
            return;
        if (_chunks.Count > 0)
            await WriteAsync(_chunks, cancellationToken).ConfigureAwait(false);
        foreach (var some in points.Chunk(VerifiedDocuments.MaximumEntries).Take(1))
            await VerificationRecords.WriteAsync(access, MaintenanceNames.VerifiedPoints(_runId), VerifiedDocuments.WritePoints(StartedAt, some), cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(List<(UInt128, int)> chunks, CancellationToken cancellationToken)
    {
        if (!Recording)
            return;
        string name = MaintenanceNames.VerifiedChunks(_runId, Interlocked.Increment(ref _records) - 1);
        await VerificationRecords.WriteAsync(access, name, VerifiedDocuments.WriteChunks(StartedAt, chunks), cancellationToken).ConfigureAwait(false);
    }
}
