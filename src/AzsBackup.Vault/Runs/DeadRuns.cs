using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Runs;

/// <summary>Finds what runs of any item have left.</summary>
internal static class DeadRuns
{
    public static async Task<IReadOnlyList<UnfinishedRun>> ListAsync(VaultAccess access, string prefix, CancellationToken cancellationToken)
    {
        var dead = new List<UnfinishedRun>();
        var folders = await RunFolder.ListAllAsync(access, prefix, cancellationToken).ConfigureAwait(false);
        if (folders.Count == 0)
            return dead;
        var liveness = await RunLiveness.LookAsync(access, null, cancellationToken).ConfigureAwait(false);
        foreach (var folder in folders)
        {
            var marks = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (int number in folder.Turns)
            {
                if (await RunFolder.ReadTurnAsync(access, RunNames.Turn(folder.Name, number), cancellationToken).ConfigureAwait(false) is { } turn)
                    marks[turn.Session] = turn.Process;
            }

            foreach (var (sessionId, parts) in folder.Sessions)
            {
                if (!parts.Notes.Contains(RunJournal.Ended) && liveness.FindLiving(sessionId, marks.GetValueOrDefault(sessionId)) is null)
                    dead.Add(new UnfinishedRun(access, folder.Name, sessionId, parts));
            }
        }

        return dead;
    }
}
