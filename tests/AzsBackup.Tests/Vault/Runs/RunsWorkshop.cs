using AzsBackup.Vault;
using AzsBackup.Vault.Runs;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Runs;

/// <summary>How tests make runs.</summary>
internal static class RunsWorkshop
{
    /// <summary>A process on a machine where these are the ids and starts of what runs.</summary>
    public static WriterProcess Process(string id, params string[] running) =>
        new("here", id, "start" + id, wanted => running.Contains(wanted) ? "start" + wanted : null);

    /// <summary>Begins a run of an item that writes down a bit of everything, and leaves it so.</summary>
    public static async Task<RunJournal> LeaveAsync(VaultSession session, string item = Item)
    {
        var journal = await session.BeginRunAsync(Source, item, Cancel);
        await journal.WriteNoteAsync("snapshots", Details(new { snapshot = "s" }), Cancel);
        var chunk = await session.PutChunkAsync(MakeStream([2], 0, seed: 3), Cancel);
        await journal.WriteProgressAsync(0, 3 * ChunkSize, [new StreamChunk(0, chunk), new StreamChunk(2, ChunkReference.Zero)], Cancel);
        return journal;
    }
}
