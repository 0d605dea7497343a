using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Vault.Jobs;

/// <summary>What a listing shows of the runs of one subject, and how they are read (FORMAT.md §15).</summary>
internal sealed class JobLog
{
    private readonly SortedDictionary<int, (DateTime? BegunAt, DateTime? EndedAt)> _runs = [];
    private readonly string _folder;

    private JobLog(string folder) => _folder = folder;

    /// <summary>The number of the run to come.</summary>
    public int Next => _runs.Count == 0 ? 0 : _runs.Keys.Max() + 1;

    /// <summary>The numbers of the runs that have begun, newest first, with the time when the beginning was stored.</summary>
    public IEnumerable<(int Number, DateTime StoredAt)> Begun =>
        _runs.Reverse().Where(run => run.Value.BegunAt is not null).Select(run => (run.Key, run.Value.BegunAt!.Value));

    /// <summary>Lists the runs of one subject.</summary>
    public static async Task<JobLog> ListAsync(VaultAccess access, string folder, CancellationToken cancellationToken) =>
        (await ListAllAsync(access, folder, cancellationToken).ConfigureAwait(false)).GetValueOrDefault(folder) ?? new JobLog(folder);

    /// <summary>Lists the runs of all subjects whose folders begin so.</summary>
    public static async Task<IReadOnlyDictionary<string, JobLog>> ListAllAsync(VaultAccess access, string prefix, CancellationToken cancellationToken)
    {
        access.ThrowIfDisposed();
        var logs = new Dictionary<string, JobLog>(StringComparer.Ordinal);
        await foreach (var stored in access.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!RecordNames.TryParseJob(stored.Name, out string folder, out int number, out bool ended))
                continue;
            if (!logs.TryGetValue(folder, out var log))
                logs.Add(folder, log = new JobLog(folder));
            var (begunAt, endedAt) = log._runs.GetValueOrDefault(number);
            log._runs[number] = ended ? (begunAt, stored.CreatedAt) : (stored.CreatedAt, endedAt);
        }

        return logs;
    }

    /// <summary>Deletes records that are old. The two newest numbers of each subject stay: the order of runs hangs on them.</summary>
    public static async Task TidyAsync(VaultAccess access, DateTime before, CancellationToken cancellationToken)
    {
        foreach (var (folder, log) in await ListAllAsync(access, RecordNames.Jobs, cancellationToken).ConfigureAwait(false))
        {
            foreach (var (number, (begunAt, endedAt)) in log._runs.SkipLast(2))
            {
                if ((endedAt ?? begunAt) >= before)
                    continue;

                // The beginning first: an end alone is nothing, a beginning alone would be a run that died.
                await access.Store.DeleteAsync(RecordNames.Begun(folder, number), cancellationToken).ConfigureAwait(false);
                await access.Store.DeleteAsync(RecordNames.Ended(folder, number), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads a run; <see langword="null"/> if its record was deleted meanwhile.</summary>
    public async Task<VaultJobRecord?> ReadAsync(VaultAccess access, int number, RunLiveness liveness, CancellationToken cancellationToken)
    {
        var (storedAt, endedAt) = _runs[number];
        try
        {
            if (await ReadDocumentAsync(access, RecordNames.Begun(_folder, number), cancellationToken).ConfigureAwait(false) is not { } begun)
                return null;
            var ended = endedAt is null ? null : await ReadDocumentAsync(access, RecordNames.Ended(_folder, number), cancellationToken).ConfigureAwait(false);
            return new VaultJobRecord
            {
                Subject = begun.Subject,
                Number = number,
                BegunAt = TimeOf(begun),
                StoredAt = storedAt ?? default,
                Details = begun.Details,
                EndedAt = ended is null ? null : TimeOf(ended),
                Result = ended?.Details,
                IsRunning = ended is null && liveness.FindLiving(begun.Session, begun.Process) is not null,
            };
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return new VaultJobRecord { Subject = "", Number = number, StoredAt = storedAt ?? default, Damage = exception.Message };
        }
    }

    private static DateTime TimeOf(JobDocument document) => JsonTime.TryRead(document.At, out var at) ? at : default;

    private async Task<JobDocument?> ReadDocumentAsync(VaultAccess access, string name, CancellationToken cancellationToken)
    {
        using var content = await access.FindAsync(ObjectRole.Job, name, cancellationToken).ConfigureAwait(false);
        if (content is null)
            return null;
        return JobDocument.TryRead(content.Span) is { } job && RecordNames.JobFolder(access.Keys.NameJobs(job.Subject)) == _folder
            ? job
            : throw VaultErrors.PointDamaged(name, "its content is not what belongs there.");
    }
}
