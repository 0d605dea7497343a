using System.Runtime.CompilerServices;
using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Vault.Jobs;

/// <summary>
/// Records of runs. Where wanted, of one subject one run at a time is under way: who begins another is told, and a run whose
/// process died does not stand in the way for longer than 45 minutes. Needs to create, read and list only. Safe for concurrent use, by any
/// number of processes (FORMAT.md §15).
/// </summary>
/// <param name="vault">The vault; must stay open.</param>
public sealed class VaultJobs(BackupVault vault)
{
    private const int Attempts = 20;
    private const int ReadsAtOnce = 16;

    // Who may create objects but has no key can plant such that do not open. So many are passed over.
    private const int DamagedPassedOver = 64;

    private readonly VaultAccess _access = vault.Access;

    /// <summary>Begins a run, whatever else is under way.</summary>
    /// <param name="session">A living session of the caller's: the run counts as dead when nothing is heard of it any more.</param>
    /// <param name="subject">What is run; names that ignore case are given in one case.</param>
    /// <param name="details">What to say of the run: a JSON object.</param>
    /// <param name="cancellationToken">Stops the beginning; then it has begun or not.</param>
    /// <exception cref="AzsException"><c>VaultJobNumbersUsedUp</c>, <c>VaultWriteConflict</c>, or a failure of the store.</exception>
    public async Task<VaultJob> BeginAsync(VaultSession session, string subject, JsonElement details, CancellationToken cancellationToken)
    {
        string folder = FolderOf(subject);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var log = await JobLog.ListAsync(_access, folder, cancellationToken).ConfigureAwait(false);
            var begun = Describe(session, subject, details);
            if (await TryCreateAsync(folder, log.Next, begun, cancellationToken).ConfigureAwait(false))
                return new VaultJob(_access, folder, log.Next, begun);
        }

        throw VaultErrors.WriteConflict(folder);
    }

    /// <summary>Begins a run unless one of the same subject is under way.</summary>
    /// <param name="session">A living session of the caller's: the run counts as dead when nothing is heard of it any more.</param>
    /// <param name="subject">What is run; names that ignore case are given in one case.</param>
    /// <param name="decide">
    /// What to say of the run (a JSON object); <see langword="null"/> to leave it. Asked again if somebody else was quicker, so it
    /// looks at <see cref="ListAsync(string, CancellationToken)"/> anew.
    /// </param>
    /// <param name="cancellationToken">Stops the beginning; then it has begun or not.</param>
    /// <exception cref="AzsException"><c>VaultJobNumbersUsedUp</c>, <c>VaultWriteConflict</c>, or a failure of the store.</exception>
    public async Task<VaultJobStart> TryBeginAsync(
        VaultSession session, string subject, Func<CancellationToken, Task<JsonElement?>> decide, CancellationToken cancellationToken)
    {
        string folder = FolderOf(subject);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var log = await JobLog.ListAsync(_access, folder, cancellationToken).ConfigureAwait(false);
            var newest = await FindNewestAsync(log, session.Id, cancellationToken).ConfigureAwait(false);
            if (newest is { IsRunning: true })
                return new VaultJobStart(null, newest);
            if (await decide(cancellationToken).ConfigureAwait(false) is not { } details)
                return new VaultJobStart(null, null);
            var begun = Describe(session, subject, details);
            if (await TryCreateAsync(folder, log.Next, begun, cancellationToken).ConfigureAwait(false)
                && await IsNewestAsync(folder, log.Next, session.Id, cancellationToken).ConfigureAwait(false))
                return new VaultJobStart(new VaultJob(_access, folder, log.Next, begun), null);
        }

        throw VaultErrors.WriteConflict(folder);
    }

    /// <summary>The runs of one subject, newest first, each read when it is asked for. One that can't be read is told as such.</summary>
    /// <param name="subject">What was run.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async IAsyncEnumerable<VaultJobRecord> ListAsync(string subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var log = await JobLog.ListAsync(_access, FolderOf(subject), cancellationToken).ConfigureAwait(false);
        if (log.Next == 0)
            yield break;
        var liveness = await RunLiveness.LookAsync(_access, null, cancellationToken).ConfigureAwait(false);
        foreach (var (number, _) in log.Begun)
        {
            if (await log.ReadAsync(_access, number, liveness, cancellationToken).ConfigureAwait(false) is { } record)
                yield return record;
        }
    }

    /// <summary>The runs of all subjects that were begun since a time, in no order. One that can't be read is told as such.</summary>
    /// <param name="since">The time (UTC), by the store's clock.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async Task<IReadOnlyList<VaultJobRecord>> ListAsync(DateTime since, CancellationToken cancellationToken)
    {
        var logs = await JobLog.ListAllAsync(_access, RecordNames.Jobs, cancellationToken).ConfigureAwait(false);
        var liveness = await RunLiveness.LookAsync(_access, null, cancellationToken).ConfigureAwait(false);
        var wanted = logs.Values.SelectMany(log => log.Begun.Where(run => run.StoredAt >= since).Select(run => (Log: log, run.Number)));
        var records = new List<VaultJobRecord>();
        await RequestWindow.ForEachAsync(
            wanted,
            ReadsAtOnce,
            async (run, cancelled) =>
            {
                if (await run.Log.ReadAsync(_access, run.Number, liveness, cancelled).ConfigureAwait(false) is not { } record)
                    return;
                lock (records)
                    records.Add(record);
            },
            cancellationToken).ConfigureAwait(false);
        return records;
    }

    private string FolderOf(string subject) => RecordNames.JobFolder(_access.Keys.NameJobs(subject));

    private async Task<VaultJobRecord?> FindNewestAsync(JobLog log, string sessionId, CancellationToken cancellationToken)
    {
        if (log.Next == 0)
            return null;
        var liveness = await RunLiveness.LookAsync(_access, sessionId, cancellationToken).ConfigureAwait(false);
        foreach (var (number, _) in log.Begun.Take(DamagedPassedOver))
        {
            if (await log.ReadAsync(_access, number, liveness, cancellationToken).ConfigureAwait(false) is { Damage: null } record)
                return record;
        }

        return null;
    }

    private JobDocument Describe(VaultSession session, string subject, JsonElement details) => new()
    {
        JobVersion = JobDocument.CurrentVersion,
        Id = _access.Runtime.Random.NewId(),
        Subject = subject,
        Session = session.Id,
        Process = _access.Runtime.Process.Mark,
        At = JsonTime.Write(_access.Runtime.Time.GetUtcNow().UtcDateTime),
        Details = details,
    };

    /// <summary>Takes a number unless somebody else has it.</summary>
    private async Task<bool> TryCreateAsync(string folder, int number, JobDocument begun, CancellationToken cancellationToken)
    {
        if (number > RecordNames.MaximumNumber)
            throw VaultErrors.JobNumbersUsedUp(folder);
        string name = RecordNames.Begun(folder, number);
        using var content = _access.Sealer.Seal(ObjectRole.Job, name, begun.Write());
        await _access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        await _access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        using var stored = await _access.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
        return stored is not null && stored.Span.SequenceEqual(content.Span);
    }

    /// <summary>Who slept for long may have taken a number that was deleted since: then there is a greater one.</summary>
    private async Task<bool> IsNewestAsync(string folder, int number, string sessionId, CancellationToken cancellationToken)
    {
        var log = await JobLog.ListAsync(_access, folder, cancellationToken).ConfigureAwait(false);
        return await FindNewestAsync(log, sessionId, cancellationToken).ConfigureAwait(false) is not { } newest || newest.Number <= number;
    }
}
