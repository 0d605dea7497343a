using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Runs;

/// <summary>Lets at most one living session be at work on an item (FORMAT.md §13).</summary>
/// <param name="access">The vault.</param>
/// <param name="folder">The prefix of the item's runs.</param>
/// <param name="sessionId">The session that wants to work, living.</param>
internal sealed class RunTurns(VaultAccess access, string folder, string sessionId)
{
    private const int Attempts = 10;

    public async Task<RunJournal> TakeAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryTakeAsync(cancellationToken).ConfigureAwait(false) is { } journal)
                return journal;
        }

        throw VaultErrors.WriteConflict(RunNames.Turn(folder, 0));
    }

    /// <returns><see langword="null"/> if somebody else had the same number, and is dead.</returns>
    private async Task<RunJournal?> TryTakeAsync(CancellationToken cancellationToken)
    {
        var before = await RunFolder.ListAsync(access, folder, cancellationToken).ConfigureAwait(false);
        await ThrowIfBusyAsync(before, cancellationToken).ConfigureAwait(false);
        int number = before.Turns.Count == 0 ? 0 : before.Turns.Max() + 1;
        string name = RunNames.Turn(folder, number);
        var turn = new TurnDocument(
            TurnDocument.CurrentVersion, sessionId, access.Runtime.Process.Mark, JsonTime.Write(access.Runtime.Time.GetUtcNow().UtcDateTime));
        using var content = access.Sealer.Seal(ObjectRole.Run, name, turn.Write());
        await access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // Somebody else may have taken the number, or a greater one, since: whoever comes second finds the other one here.
        var after = await RunFolder.ListAsync(access, folder, cancellationToken).ConfigureAwait(false);
        try
        {
            await ThrowIfBusyAsync(after, cancellationToken).ConfigureAwait(false);
            if (!await IsMineAsync(name, cancellationToken).ConfigureAwait(false))
                return null;
            await EndGoneAsync(after, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException busy) when (busy.ErrorId == "ItemBusy")
        {
            if (await IsMineAsync(name, cancellationToken).ConfigureAwait(false))
                await RunFolder.TryDeleteAsync(access.Store, name).ConfigureAwait(false);
            throw;
        }

        var unfinished = after.Sessions
            .Where(run => run.Key != sessionId && !run.Value.Notes.Contains(RunJournal.Ended))
            .OrderByDescending(run => run.Value.YoungestAt)
            .Select(run => new UnfinishedRun(access, folder, run.Key, run.Value))
            .ToList();
        return new RunJournal(access, folder, sessionId, name, unfinished, after);
    }

    private async Task<bool> IsMineAsync(string turnName, CancellationToken cancellationToken) =>
        await RunFolder.ReadTurnAsync(access, turnName, cancellationToken).ConfigureAwait(false) is { } turn && turn.Session == sessionId;

    /// <summary>Throws if another session that lives has a turn.</summary>
    private async Task ThrowIfBusyAsync(RunFolder found, CancellationToken cancellationToken)
    {
        var others = await ReadOthersAsync(found, cancellationToken).ConfigureAwait(false);
        if (others.Count == 0)
            return;
        var liveness = await RunLiveness.LookAsync(access, sessionId, cancellationToken).ConfigureAwait(false);
        foreach (var (session, process) in others)
        {
            if (liveness.FindLiving(session, process) is { } heardAt)
                throw VaultErrors.ItemBusy(session, heardAt);
        }
    }

    /// <summary>Whoever sweeps need not wait a day for a process that was killed.</summary>
    private async Task EndGoneAsync(RunFolder found, CancellationToken cancellationToken)
    {
        var others = await ReadOthersAsync(found, cancellationToken).ConfigureAwait(false);
        if (others.Count == 0)
            return;
        var liveness = await RunLiveness.LookAsync(access, sessionId, cancellationToken).ConfigureAwait(false);
        await liveness.EndGoneAsync(others, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The other sessions that have turns, which are entered in what was found.</summary>
    private async Task<IReadOnlyList<(string Session, string Process)>> ReadOthersAsync(RunFolder found, CancellationToken cancellationToken)
    {
        var others = new List<(string Session, string Process)>();
        foreach (int number in found.Turns)
        {
            if (await RunFolder.ReadTurnAsync(access, RunNames.Turn(folder, number), cancellationToken).ConfigureAwait(false) is not { } turn
                || turn.Session == sessionId)
                continue;
            found.Sessions.TryAdd(turn.Session, new RunParts());
            found.Sessions[turn.Session].Turn = number;
            others.Add((turn.Session, turn.Process));
        }

        return others;
    }
}
