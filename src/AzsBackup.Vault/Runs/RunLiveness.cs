using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Runs;

/// <summary>Which runs are dead: they ended, their process is gone for certain, or nothing was heard of them for long.</summary>
internal sealed class RunLiveness
{
    /// <summary>A session beats every ten minutes: four beats are missing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(45);

    private readonly SessionCensus _census;
    private readonly Dictionary<string, DateTime> _heardAt;
    private readonly DateTime _now;
    private readonly WriterProcess _process;

    private RunLiveness(SessionCensus census, string? ownSessionId, WriterProcess process, DateTime ownTime)
    {
        _census = census;
        _heardAt = census.Writers.ToDictionary(writer => writer.SessionId, writer => writer.HeardAt, StringComparer.Ordinal);
        _process = process;

        // This session has just begun, or beats: when it was heard of is the store's time now, or not long before.
        _now = ownSessionId is not null && _heardAt.TryGetValue(ownSessionId, out var heardAt)
            ? heardAt
            : _heardAt.Values.Append(ownTime).Max();
    }

    /// <param name="access">The vault.</param>
    /// <param name="ownSessionId">A session of this process, whose last sign of life tells the store's time; else the newest of all does, or this machine's clock if that is later.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    public static async Task<RunLiveness> LookAsync(VaultAccess access, string? ownSessionId, CancellationToken cancellationToken)
    {
        var census = await SessionCensus.TakeAsync(access, cancellationToken).ConfigureAwait(false);
        return new RunLiveness(census, ownSessionId, access.Runtime.Process, access.Runtime.Time.GetUtcNow().UtcDateTime);
    }

    /// <summary>When a session was last heard of, if it has to be taken for living; else <see langword="null"/>.</summary>
    public DateTime? FindLiving(string sessionId, string? processMark)
    {
        if (!_heardAt.TryGetValue(sessionId, out var heardAt) || (_now - heardAt) > Silence)
            return null;
        return processMark is not null && _process.IsGone(processMark, sessionId) ? null : heardAt;
    }

    /// <summary>Ends those sessions whose processes are gone for certain, as a sweeper would much later (FORMAT.md §9).</summary>
    /// <param name="sessions">Their ids and marks.</param>
    /// <param name="cancellationToken">Stops the ending.</param>
    public Task EndGoneAsync(IEnumerable<(string Id, string ProcessMark)> sessions, CancellationToken cancellationToken) =>
        _census.EndAsync(sessions.Where(session => _process.IsGone(session.ProcessMark, session.Id)).Select(session => session.Id), cancellationToken);
}
