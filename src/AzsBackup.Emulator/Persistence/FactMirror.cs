using System.Text.Json;

namespace AzsBackup.Emulator.Persistence;

/// <summary>
/// Facts that are kept by comparison: whoever holds them gives all of them, and what differs from the last time is written. Nobody has to
/// say what he changed, so nothing can be forgotten; the price is that every fact is written to memory at each change.
/// </summary>
internal sealed class FactMirror<T>(StateDatabase? database, string part)
    where T : notnull
{
    private readonly FactTable<T> _table = new(database, part);
    private Dictionary<string, byte[]> _saved = new(StringComparer.Ordinal);

    /// <summary>Writes what is new or other than the last time, and removes what is gone.</summary>
    public void Save(IEnumerable<KeyValuePair<string, T>> facts)
    {
        if (database is null)
            return;
        using StateChange? own = database.Begin();
        StateChange change = database.Current!;
        Dictionary<string, byte[]> now = new(_saved.Count, StringComparer.Ordinal);
        foreach ((string key, T value) in facts)
        {
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value, database.Json);
            if (_saved.TryGetValue(key, out byte[]? before) && before.AsSpan().SequenceEqual(bytes))
                bytes = before;
            else
                change.Set(part, key, bytes);
            now[key] = bytes;
        }

        foreach (string gone in _saved.Keys.Where(key => !now.ContainsKey(key)))
            change.Set(part, gone, null);
        _saved = now;
    }

    /// <summary>What was kept. The next <see cref="Save"/> compares with it.</summary>
    /// <param name="rewrite">Applied to each fact's JSON before it is read.</param>
    /// <exception cref="IOException">A fact cannot be read back.</exception>
    public IReadOnlyList<KeyValuePair<string, T>> Load(Func<string, string>? rewrite = null)
    {
        IReadOnlyList<KeyValuePair<string, T>> facts = _table.Load(rewrite);
        _saved = database?.Facts(part).ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal) ?? _saved;
        return facts;
    }
}
