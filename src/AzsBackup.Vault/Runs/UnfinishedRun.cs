using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Runs;

/// <summary>A run that died, or failed and left what it had done for the next one.</summary>
public sealed class UnfinishedRun
{
    private readonly VaultAccess _access;
    private readonly RunFolder _folder;
    private readonly RunParts _parts;

    internal UnfinishedRun(VaultAccess access, string folder, string sessionId, RunParts parts)
    {
        _access = access;
        _folder = new RunFolder(folder);
        _parts = parts;
        SessionId = sessionId;
    }

    /// <summary>The id of its session.</summary>
    public string SessionId { get; }

    /// <summary>Whether it has written down what of its streams is in the vault.</summary>
    public bool HasProgress => _parts.Pages.Count > 0;

    /// <summary>Whether it has left a note of this name.</summary>
    public bool HasNote(string name) => _parts.Notes.Contains(name);

    /// <summary>Reads one of its notes; <see langword="null"/> if there is none that can be read.</summary>
    /// <param name="name">What the note is called.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<JsonElement?> ReadNoteAsync(string name, CancellationToken cancellationToken)
    {
        if (!HasNote(name))
            return null;
        using var content = await RunFolder.FindAsync(_access, RunNames.Note(_folder.Name, SessionId, name), cancellationToken).ConfigureAwait(false);
        return content is null ? null : RunNote.TryRead(content.Span);
    }

    /// <summary>
    /// Reads which chunks of its streams it has put. Whether the vault still holds them is for
    /// <see cref="VaultSession.HoldsChunkAsync"/> to say. Pages that can't be read are left out.
    /// </summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>By stream: its length in bytes, and its chunks by number, zeros among them.</returns>
    public async Task<IReadOnlyDictionary<int, (long Length, Dictionary<long, ChunkReference> Chunks)>> ReadProgressAsync(CancellationToken cancellationToken)
    {
        var streams = new Dictionary<int, (long Length, Dictionary<long, ChunkReference> Chunks)>();
        foreach (int number in _parts.Pages)
        {
            using var content = await RunFolder.FindAsync(
                _access, RunNames.Progress(_folder.Name, SessionId, number), cancellationToken).ConfigureAwait(false);
            if (content is null || ProgressPage.Read(content.Span, _access.Info.ChunkSize) is not { } page)
                continue;
            if (!streams.TryGetValue(page.Stream, out var stream))
                streams.Add(page.Stream, stream = (page.Length, []));
            if (stream.Length != page.Length)
                continue;
            foreach (var chunk in page.Chunks)
                stream.Chunks[chunk.Number] = chunk.Chunk;
        }

        return streams;
    }

    /// <summary>Leaves one more note about it, as if it had written that itself. One that is there stays.</summary>
    /// <param name="name">What the note is called: letters a to z.</param>
    /// <param name="note">Its content, a JSON object.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async Task WriteNoteAsync(string name, JsonElement note, CancellationToken cancellationToken)
    {
        await RunNote.WriteAsync(_access, RunNames.Note(_folder.Name, SessionId, name), note, cancellationToken).ConfigureAwait(false);
        _parts.Notes.Add(name);
    }

    /// <summary>
    /// Deletes what it has left; where the store lets nobody delete, it says that nobody goes on from there, and the objects stay
    /// until the vault is optimized. Fails silently: nothing depends on it.
    /// </summary>
    public Task RemoveAsync() => RunNote.RemoveAsync(_access, _folder, SessionId, _parts);
}
