using System.Text;
using System.Text.Json;

namespace AzsBackup.Emulator.Persistence;

/// <summary>
/// Facts of one kind that survive a restart: values by key, written as JSON. What is set joins the change under way on the thread, or is
/// written at once. Without a database it keeps nothing and costs nothing.
/// </summary>
/// <typeparam name="T">A class or record that System.Text.Json can write and read back; a <see cref="Pages.PageVolume"/> in it is kept as its id.</typeparam>
internal sealed class FactTable<T>(StateDatabase? database, string part)
    where T : notnull
{
    /// <summary>Whether facts are kept at all.</summary>
    public bool IsKept => database is not null;

    public void Set(string key, T value)
    {
        if (database is null)
            return;
        using StateChange? own = database.Begin();
        database.Current!.Set(part, key, JsonSerializer.SerializeToUtf8Bytes(value, database.Json));
    }

    public void Remove(string key)
    {
        if (database is null)
            return;
        using StateChange? own = database.Begin();
        database.Current!.Set(part, key, null);
    }

    /// <summary>What was kept when the database was opened, and since; in the order of the keys.</summary>
    /// <param name="rewrite">Applied to each fact's JSON before it is read.</param>
    /// <exception cref="IOException">A fact cannot be read back.</exception>
    public IReadOnlyList<KeyValuePair<string, T>> Load(Func<string, string>? rewrite = null)
    {
        if (database is null)
            return [];
        try
        {
            return database.Facts(part).ConvertAll(fact => KeyValuePair.Create(fact.Key, Read(fact.Value, rewrite, database.Json)));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or FormatException)
        {
            throw new IOException($"The state holds a fact of the part '{part}' that cannot be read: {exception.Message}", exception);
        }
    }

    private static T Read(byte[] value, Func<string, string>? rewrite, JsonSerializerOptions options) =>
        (rewrite is null ? JsonSerializer.Deserialize<T>(value, options) : JsonSerializer.Deserialize<T>(rewrite(Encoding.UTF8.GetString(value)), options))
        ?? throw new JsonException("It is null.");
}
