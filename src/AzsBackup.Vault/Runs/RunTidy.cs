using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Vault.Runs;

/// <summary>Deletes what runs have left that nobody goes on from (FORMAT.md §13).</summary>
internal static class RunTidy
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <param name="access">The vault.</param>
    /// <param name="census">Who is writing.</param>
    /// <param name="points">The points there are.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="cancellationToken">Stops the deleting.</param>
    public static async Task RunAsync(
        VaultAccess access, SessionCensus census, PointFolders points, DateTime now, CancellationToken cancellationToken)
    {
        var newest = points.All.Where(point => point.PointAt is not null)
            .GroupBy(point => point.ItemName[ObjectNames.Points.Length..], StringComparer.Ordinal)
            .ToDictionary(item => item.Key, item => item.Max(point => point.PointAt!.Value), StringComparer.Ordinal);
        foreach (var folder in await RunFolder.ListAllAsync(access, RunNames.Runs, cancellationToken).ConfigureAwait(false))
        {
            foreach (int number in folder.Turns)
            {
                string name = RunNames.Turn(folder.Name, number);
                var turn = await RunFolder.ReadTurnAsync(access, name, cancellationToken).ConfigureAwait(false);
                if (turn is not null && !census.Lives(turn.Session))
                    await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            }

            bool hasPoint = newest.TryGetValue(folder.Name[RunNames.Runs.Length..], out var pointAt);
            foreach (var (sessionId, parts) in folder.Sessions)
            {
                bool over = parts.Notes.Contains(RunJournal.Ended) || (hasPoint && pointAt > parts.YoungestAt) || now - parts.YoungestAt > Kept;
                if (!over || census.Lives(sessionId))
                    continue;
                foreach (string name in folder.NamesOf(sessionId, parts))
                    await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
