using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Runs;

/// <summary>
/// What a run that is at work on an item writes down for the case that it dies: the next run of the item finds it. Nothing that
/// is published depends on it. Not safe for concurrent use, but notes and pages may be written at the same time.
/// </summary>
public sealed class RunJournal
{
    /// <summary>The note that says that nobody goes on from a run.</summary>
    internal const string Ended = "ended";

    private readonly VaultAccess _access;
    private readonly RunFolder _folder;
    private readonly RunParts _parts = new();
    private readonly string _turnName;
    private readonly string _sessionId;
    private readonly object _gate = new();
    private int _nextPage;

    internal RunJournal(
        VaultAccess access, string folder, string sessionId, string turnName, IReadOnlyList<UnfinishedRun> unfinished, RunFolder found)
    {
        _access = access;
        _folder = new RunFolder(folder);
        _sessionId = sessionId;
        _turnName = turnName;
        Unfinished = unfinished;
        DeadSessions = found.Sessions.Keys.Where(id => id != sessionId).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Runs of the item that died or left what they had done, the youngest first.</summary>
    public IReadOnlyList<UnfinishedRun> Unfinished { get; }

    /// <summary>The sessions of all runs of the item that are known to be dead.</summary>
    public IReadOnlySet<string> DeadSessions { get; }

    /// <summary>Writes a note and returns when it is durable. A note is written once.</summary>
    /// <param name="name">What the note is called: letters a to z, not <c>ended</c>.</param>
    /// <param name="note">Its content, a JSON object.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="Model.AzsException">A failure of the store.</exception>
    public async Task WriteNoteAsync(string name, JsonElement note, CancellationToken cancellationToken)
    {
        if (!RunNames.IsNote(name) || name == Ended || note.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"'{name}' can't be the name of a note, or its content is no object.", nameof(name));
        lock (_gate)
            _parts.Notes.Add(name);
        await RunNote.WriteAsync(_access, RunNames.Note(_folder.Name, _sessionId, name), note, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes down that chunks of a stream were put and returns when that, and they, are durable.</summary>
    /// <param name="stream">The stream's number, from 0.</param>
    /// <param name="length">The stream's length in bytes.</param>
    /// <param name="chunks">The chunks, zeros among them, in ascending order.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="Model.AzsException">A failure of the store.</exception>
    public async Task WriteProgressAsync(int stream, long length, IReadOnlyList<StreamChunk> chunks, CancellationToken cancellationToken)
    {
        foreach (var some in chunks.Chunk(ProgressPage.MaximumEntries))
        {
            int number;
            lock (_gate)
            {
                number = _nextPage++;
                _parts.Pages.Add(number);
            }

            string name = RunNames.Progress(_folder.Name, _sessionId, number);
            using var content = _access.Sealer.Seal(ObjectRole.Run, name, new ProgressPage(stream, length, some).Write(_access.Info.ChunkSize));
            await _access.CreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        }

        await _access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Gives the turn back. Called before the session ends; a session that ends without has given it back as well. Fails silently:
    /// who is over holds nobody up.
    /// </summary>
    /// <param name="leave">Whether notes and pages stay for the next run.</param>
    public async Task EndAsync(bool leave)
    {
        if (!leave)
            await RunNote.RemoveAsync(_access, _folder, _sessionId, _parts).ConfigureAwait(false);
        await RunFolder.TryDeleteAsync(_access.Store, _turnName).ConfigureAwait(false);
    }
}
