using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Runs;

/// <summary>What the store holds of an item's runs.</summary>
internal sealed class RunFolder(string name)
{
    /// <summary>The prefix of its objects, ending in '/'.</summary>
    public string Name { get; } = name;

    public List<int> Turns { get; } = [];

    /// <summary>The runs by their sessions. One that has left nothing but its turn comes in when the turn is read.</summary>
    public Dictionary<string, RunParts> Sessions { get; } = new(StringComparer.Ordinal);

    public static async Task<RunFolder> ListAsync(VaultAccess access, string folder, CancellationToken cancellationToken)
    {
        var listed = await ListAllAsync(access, folder, cancellationToken).ConfigureAwait(false);
        return listed.Count == 0 ? new RunFolder(folder) : listed[0];
    }

    /// <summary>The folders whose names begin so.</summary>
    public static async Task<IReadOnlyList<RunFolder>> ListAllAsync(VaultAccess access, string prefix, CancellationToken cancellationToken)
    {
        var folders = new Dictionary<string, RunFolder>(StringComparer.Ordinal);
        await foreach (var stored in access.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!RunNames.TryParse(stored.Name, out string name, out string part))
                continue;
            if (!folders.TryGetValue(name, out var folder))
                folders.Add(name, folder = new RunFolder(name));
            folder.Add(part, stored.CreatedAt);
        }

        return [.. folders.Values];
    }

    /// <summary>Reads a turn; <see langword="null"/> if it is gone or damaged: then it keeps nobody from anything.</summary>
    public static async Task<TurnDocument?> ReadTurnAsync(VaultAccess access, string name, CancellationToken cancellationToken)
    {
        using var content = await FindAsync(access, name, cancellationToken).ConfigureAwait(false);
        return content is null ? null : TurnDocument.TryRead(content.Span);
    }

    /// <summary>Reads an object of a run; <see langword="null"/> if it is gone or damaged: nothing depends on it.</summary>
    public static async Task<PooledBuffer?> FindAsync(VaultAccess access, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await access.FindAsync(ObjectRole.Run, name, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException damaged) when (damaged.Kind == AzsErrorKind.DataDamaged)
        {
            return null;
        }
    }

    /// <summary>Deletes an object if the store lets this user do so.</summary>
    /// <returns>Whether it is gone.</returns>
    public static async Task<bool> TryDeleteAsync(IObjectStore store, string name)
    {
        try
        {
            await store.DeleteAsync(name, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (AzsException)
        {
            // Without the permission, or without the store, it stays until somebody optimizes the vault.
            return false;
        }
    }

    /// <summary>The names of all objects of a run; the turn last.</summary>
    public IEnumerable<string> NamesOf(string sessionId, RunParts parts) =>
        parts.Pages.Select(page => RunNames.Progress(Name, sessionId, page))
            .Concat(parts.Notes.Select(note => RunNames.Note(Name, sessionId, note)))
            .Concat(parts.Turn is { } turn ? [RunNames.Turn(Name, turn)] : []);

    private void Add(string part, DateTime createdAt)
    {
        if (RunNames.TryParseTurn(part, out int turn))
            Turns.Add(turn);
        else if (RunNames.TryParseNote(part, out string sessionId, out string note))
            Find(sessionId, createdAt).Notes.Add(note);
        else if (RunNames.TryParseProgress(part, out sessionId, out int page))
            Find(sessionId, createdAt).Pages.Add(page);
    }

    private RunParts Find(string sessionId, DateTime createdAt)
    {
        if (!Sessions.TryGetValue(sessionId, out var parts))
            Sessions.Add(sessionId, parts = new RunParts());
        if (createdAt > parts.YoungestAt)
            parts.YoungestAt = createdAt;
        return parts;
    }
}
