using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>Who is writing, as far as the store tells (FORMAT.md §9).</summary>
internal sealed class SessionCensus
{
    private const string EndPart = "end";

    private readonly VaultAccess _access;
    private readonly Dictionary<string, SessionRecord> _sessions = new(StringComparer.Ordinal);

    private SessionCensus(VaultAccess access) => _access = access;

    /// <summary>The content of an end that the session itself wrote: then its objects, the end included, may go.</summary>
    public static ReadOnlySpan<byte> EndedByWriter => "writer"u8;

    private static ReadOnlySpan<byte> EndedBySweeper => "sweeper"u8;

    /// <summary>Whether this is the content of an end.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> content) => content.SequenceEqual(EndedByWriter) || content.SequenceEqual(EndedBySweeper);

    /// <summary>The ids of those that may still publish.</summary>
    public IEnumerable<string> Living => _sessions.Where(session => session.Value.Lives).Select(session => session.Key);

    /// <summary>When the oldest of those began, by the store's clock.</summary>
    public DateTime? OldestStart => _sessions.Values.Where(session => session.Lives).Min(session => session.StartedAt);

    /// <summary>Those that may still publish, for others to see.</summary>
    public IReadOnlyList<VaultWriter> Writers =>
        [.. _sessions.Where(session => session.Value.Lives).Select(session => new VaultWriter(session.Key, session.Value.HeardAt))];

    public bool Lives(string sessionId) => _sessions.TryGetValue(sessionId, out var session) && session.Lives;

    public static async Task<SessionCensus> TakeAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        var census = new SessionCensus(access);
        await foreach (var stored in access.Store.ListAsync(ObjectNames.Sessions, cancellationToken).ConfigureAwait(false))
        {
            if (!ObjectNames.TryParseId(ObjectNames.Sessions, stored.Name, out string id, out string more))
                continue;
            if (!census._sessions.TryGetValue(id, out var session))
                census._sessions.Add(id, session = new SessionRecord());
            if (more == EndPart)
            {
                session.Ended = true;
                continue;
            }

            if (more.Length == 0)
                session.StartedAt = stored.CreatedAt;
            else
                session.Beats.Add(stored.Name);
            if (stored.CreatedAt > session.HeardAt)
                session.HeardAt = stored.CreatedAt;
        }

        return census;
    }

    /// <summary>
    /// Ends sessions that were silent for too long. If one lives after all, it finds out before it publishes: so a wrong clock
    /// costs a backup, never a chunk.
    /// </summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndSilentAsync(DateTime now, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var silent = _sessions.Where(session => session.Value.Lives && now - session.Value.HeardAt > timeout).Select(session => session.Key).ToList();
        await EndAsync(silent, cancellationToken).ConfigureAwait(false);
        return silent.Count;
    }

    /// <summary>Ends sessions that are taken for dead, if they have not ended yet. One that lives after all finds out before it publishes.</summary>
    public async Task EndAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        bool any = false;
        foreach (string id in ids.Where(Lives))
        {
            string name = ObjectNames.SessionEnd(id);
            using var content = _access.Sealer.Seal(ObjectRole.Session, name, EndedBySweeper);
            await _access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
            any = true;
            _sessions[id].Ended = true;
        }

        // Only what is durable is said.
        if (any)
            await _access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes the objects of sessions that are over. The end that a sweeper wrote stays for ever: the session may wake up at
    /// any time, and has to find it.
    /// </summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, session) in _sessions)
        {
            if (!session.Ended || (session.StartedAt is null && session.Beats.Count == 0))
                continue;
            foreach (string beat in session.Beats)
                await _access.Store.DeleteAsync(beat, cancellationToken).ConfigureAwait(false);
            if (session.StartedAt is not null)
                await _access.Store.DeleteAsync(ObjectNames.Session(id), cancellationToken).ConfigureAwait(false);
            string end = ObjectNames.SessionEnd(id);
            using var content = await _access.FindAsync(ObjectRole.Session, end, cancellationToken).ConfigureAwait(false);
            if (content is not null && content.Span.SequenceEqual(EndedByWriter))
                await _access.Store.DeleteAsync(end, cancellationToken).ConfigureAwait(false);
        }
    }
}
