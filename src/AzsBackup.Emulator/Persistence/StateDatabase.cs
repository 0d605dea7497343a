using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Pages;
using Microsoft.Data.Sqlite;

namespace AzsBackup.Emulator.Persistence;

/// <summary>
/// What a stack knows, in a SQLite database in its state directory: facts by part and key, and the maps of its volumes. The bytes of
/// volumes and blocks lie in files beside it.
/// </summary>
/// <remarks>
/// <para>Memory is the truth while the stack runs; the database is read at the start and written to from then on. One change of the
/// stack is one transaction, and a request is answered when its transaction has been handed to the operating system. Nothing is
/// flushed to the medium: what was acknowledged survives the death of the process, kill -9 included, and not that of the machine.
/// A database that a power cut has damaged is refused at the next start.</para>
/// <para>Files are made before the transaction that names them and deleted after the one that forgets them, so what is named exists;
/// files and volumes that nothing names are removed at the next start.</para>
/// </remarks>
internal sealed class StateDatabase : IDisposable
{
    private const int Layout = 1;
    private const string FileName = "state.db";

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly StateWriter _writer;
    private readonly ThreadLocal<StateChange?> _current = new();
    private Exception? _failure;

    private StateDatabase(SqliteConnection connection)
    {
        _connection = connection;
        _writer = new StateWriter(connection);
        Json.Converters.Add(VolumeIds);
    }

    /// <summary>Volumes in facts; their store joins it.</summary>
    public PageVolumeConverter VolumeIds { get; } = new();

    /// <summary>
    /// How facts are written. Names are matched without regard to case, as in ARM bodies; nulls are written, for a property may begin with
    /// something else; collections that have no setter are filled.
    /// </summary>
    public JsonSerializerOptions Json { get; } = new()
    {
        Encoder = ArmJson.WriteOptions.Encoder,
        PropertyNameCaseInsensitive = true,
        PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
    };

    /// <summary>Opens the database of a directory, or makes an empty one.</summary>
    /// <exception cref="IOException">Another stack uses the directory, or what lies there is not to be read.</exception>
    public static StateDatabase Open(string directory)
    {
        string path = Path.Combine(directory, FileName);
        // It holds keys and secrets: nobody else's to read.
        if (!File.Exists(path) && !OperatingSystem.IsWindows())
            File.Open(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            // Exclusive: a second process must not write, and no lock needs to be taken for each transaction.
            Run(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN EXCLUSIVE; COMMIT");
            if (Scalar(connection, "PRAGMA quick_check") is not "ok")
                throw new IOException($"The state in '{directory}' is damaged. Start with an empty directory.");
            long layout = (long)Scalar(connection, "PRAGMA user_version")!;
            if (layout is not (0 or Layout))
                throw new IOException($"The state in '{directory}' was written by another version of the emulated stack (layout {layout}, this one has {Layout}). Start with an empty directory.");
            if (layout == 0)
            {
                Run(connection, $"""
                    BEGIN;
                    CREATE TABLE fact (part TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (part, key)) WITHOUT ROWID;
                    CREATE TABLE volume (id INTEGER PRIMARY KEY, top INTEGER NOT NULL, length INTEGER NOT NULL, is_read_only INTEGER NOT NULL);
                    CREATE TABLE layer (id INTEGER PRIMARY KEY, parent INTEGER);
                    CREATE TABLE run (layer INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, state INTEGER NOT NULL, PRIMARY KEY (layer, start)) WITHOUT ROWID;
                    PRAGMA user_version = {Layout};
                    COMMIT
                    """);
            }

            return new StateDatabase(connection);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            const int Busy = 5;
            throw exception.SqliteErrorCode == Busy
                ? new IOException($"The state in '{directory}' is in use by another emulated stack.", exception)
                : new IOException($"The state in '{directory}' cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins a change on this thread: what is set until it is disposed is written in one transaction. Gives <see langword="null"/>
    /// within a change, which the inner one is then part of. A change is synchronous code: it must not await.
    /// </summary>
    public StateChange? Begin() => _current.Value is null ? _current.Value = new StateChange(this) : null;

    /// <summary>The change under way on this thread.</summary>
    public StateChange? Current => _current.Value;

    /// <summary>Ends the change under way: from now on the thread has none.</summary>
    public void End() => _current.Value = null;

    /// <summary>Writes at once, whatever change is under way. Whoever calls holds no lock that <paramref name="write"/> of another thread takes.</summary>
    /// <exception cref="IOException">The database cannot be written to, now or since an earlier failure: what is in memory is then ahead of it for good.</exception>
    public void Transact(Action<StateWriter> write)
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw new IOException("The state can no longer be written, since an earlier failure. Start the stack again.", _failure);
            _writer.Begin();
            try
            {
                write(_writer);
                _writer.Commit();
            }
            catch (SqliteException exception)
            {
                _failure = exception;
                throw new IOException($"The state cannot be written: {exception.Message}", exception);
            }
            catch
            {
                _writer.RollBack();
                throw;
            }
        }
    }

    public List<(string Key, byte[] Value)> Facts(string part) =>
        Read("SELECT key, value FROM fact WHERE part = $part ORDER BY key", row => (row.GetString(0), (byte[])row[1]), part);

    /// <summary>Parents before their children: a layer is younger than what it stands on.</summary>
    public List<(long Id, long? Parent)> Layers() =>
        Read("SELECT id, parent FROM layer ORDER BY id", row => (row.GetInt64(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1)));

    public List<(long Layer, PageRun Run)> Runs() =>
        Read("SELECT layer, start, end, state FROM run ORDER BY layer, start", row => (row.GetInt64(0), new PageRun(row.GetInt64(1), row.GetInt64(2), (PageState)row.GetInt32(3))));

    public List<(long Id, long Top, long Length, bool IsReadOnly)> Volumes() =>
        Read("SELECT id, top, length, is_read_only FROM volume ORDER BY id", row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)));

    public void Dispose()
    {
        lock (_gate)
        {
            _failure ??= new ObjectDisposedException(nameof(StateDatabase));
            _writer.Dispose();
            _connection.Dispose();
        }

        _current.Dispose();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> take, string? part = null)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        if (part is not null)
            command.Parameters.AddWithValue("$part", part);
        using SqliteDataReader rows = command.ExecuteReader();
        List<T> found = [];
        while (rows.Read())
            found.Add(take(rows));
        return found;
    }
}
