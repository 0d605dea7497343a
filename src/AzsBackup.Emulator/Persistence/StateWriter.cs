using AzsBackup.Emulator.Pages;
using Microsoft.Data.Sqlite;

namespace AzsBackup.Emulator.Persistence;

/// <summary>The statements of a transaction. Used within <see cref="StateDatabase.Transact"/> only.</summary>
internal sealed class StateWriter : IDisposable
{
    private readonly List<SqliteCommand> _commands = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollBack;
    private readonly SqliteCommand _setFact;
    private readonly SqliteCommand _removeFact;
    private readonly SqliteCommand _setVolume;
    private readonly SqliteCommand _removeVolume;
    private readonly SqliteCommand _addLayer;
    private readonly SqliteCommand _removeLayer;
    private readonly SqliteCommand _addRun;
    private readonly SqliteCommand _removeRuns;

    public StateWriter(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollBack = Prepare("ROLLBACK");
        _setFact = Prepare("INSERT INTO fact VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET value = excluded.value", SqliteType.Text, SqliteType.Text, SqliteType.Blob);
        _removeFact = Prepare("DELETE FROM fact WHERE part = $1 AND key = $2", SqliteType.Text, SqliteType.Text);
        _setVolume = Prepare("INSERT INTO volume VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET top = excluded.top, length = excluded.length", SqliteType.Integer, SqliteType.Integer, SqliteType.Integer, SqliteType.Integer);
        _removeVolume = Prepare("DELETE FROM volume WHERE id = $1", SqliteType.Integer);
        _addLayer = Prepare("INSERT INTO layer VALUES ($1, $2)", SqliteType.Integer, SqliteType.Integer);
        _removeLayer = Prepare("DELETE FROM layer WHERE id = $1", SqliteType.Integer);
        _addRun = Prepare("INSERT INTO run VALUES ($1, $2, $3, $4)", SqliteType.Integer, SqliteType.Integer, SqliteType.Integer, SqliteType.Integer);
        _removeRuns = Prepare("DELETE FROM run WHERE layer = $1 AND start >= $2 AND start < $3", SqliteType.Integer, SqliteType.Integer, SqliteType.Integer);
    }

    public void Begin() => Run(_begin);

    public void Commit() => Run(_commit);

    public void RollBack() => Run(_rollBack);

    public void SetFact(string part, string key, byte[] value) => Run(_setFact, part, key, value);

    public void RemoveFact(string part, string key) => Run(_removeFact, part, key);

    public void SetVolume(long id, long top, long length, bool isReadOnly) => Run(_setVolume, id, top, length, isReadOnly ? 1L : 0L);

    public void RemoveVolume(long id) => Run(_removeVolume, id);

    public void AddLayer(long id, long? parent) => Run(_addLayer, id, (object?)parent ?? DBNull.Value);

    /// <summary>Removes a layer and its map.</summary>
    public void RemoveLayer(long id)
    {
        Run(_removeRuns, id, long.MinValue, long.MaxValue);
        Run(_removeLayer, id);
    }

    public void AddRun(long layer, PageRun run) => Run(_addRun, layer, run.Start, run.End, (long)run.State);

    /// <summary>Removes the runs that start in [start, end).</summary>
    public void RemoveRuns(long layer, long start, long end) => Run(_removeRuns, layer, start, end);

    public void Dispose() => _commands.ForEach(command => command.Dispose());

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<SqliteType> types)
    {
        SqliteCommand command = _connection.CreateCommand();
        _commands.Add(command);
        command.CommandText = sql;
        for (int i = 0; i < types.Length; i++)
            command.Parameters.Add("$" + (i + 1), types[i]);
        command.Prepare();
        return command;
    }
}
