using System.Collections.Concurrent;
using System.Globalization;
using AzsBackup.Emulator.Persistence;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Pages;

/// <summary>
/// Where the bytes of page blobs and disks lie: a directory with one sparse file for each layer that was written to.
/// The directory belongs to the store; nothing is created in it before the first write.
/// </summary>
/// <remarks>
/// With a database the volumes survive a restart: bytes are written to the file of their layer first, then the map of the layer to the
/// database. A write that was cut off in between is not there where the pages were not yet written in that layer; where they were, each
/// page holds the old bytes or the new ones. Volumes are made before whatever refers to them and removed after it; those that nothing
/// refers to after a restart are removed then (<see cref="RemoveUnclaimed"/>).
/// </remarks>
public sealed class PageStore : IDisposable
{
    private const string Extension = ".layer";

    private readonly string _directory;
    private readonly StateDatabase? _database;
    private readonly ConcurrentDictionary<long, PageLayer> _layers = new();
    private readonly Dictionary<long, PageVolume> _unclaimed = [];
    private readonly Dictionary<long, PageVolume> _claimed = [];
    private long _lastId;

    /// <summary>Takes a directory, which is created when the first byte is written.</summary>
    public PageStore(string directory) => _directory = Path.GetFullPath(directory);

    /// <summary>Takes a directory and the database that says what lies in it; without a database, the directory begins empty.</summary>
    /// <exception cref="IOException">The database names what is not there.</exception>
    internal PageStore(string directory, StateDatabase? database) : this(directory)
    {
        if (database is null)
            return;
        _database = database;
        database.VolumeIds.Store = this;
        Restore(database);
    }

    /// <summary>Makes an empty volume: all zeros, nothing allocated, no file.</summary>
    /// <param name="length">Bytes; a multiple of 512, at least 0.</param>
    public PageVolume Create(long length)
    {
        PageVolume? made = null;
        Transact(writer =>
        {
            made = new PageVolume(this, NewId(), NewLayer(null, writer), length, isReadOnly: false);
            if (writer is not null)
                made.SaveNew(writer);
        });
        return made!;
    }

    /// <summary>A volume that was there before the restart, by its <see cref="PageVolume.Id"/>. Each is claimed once, by what it belongs to, or looked at by what shares it.</summary>
    /// <exception cref="IOException">There is none.</exception>
    internal PageVolume Claim(long id)
    {
        lock (_unclaimed)
        {
            if (!_claimed.TryGetValue(id, out var volume) && !_unclaimed.Remove(id, out volume))
                throw new IOException($"The state names the volume {id}, which is not there.");
            return _claimed[id] = volume;
        }
    }

    /// <summary>Ends the restart: removes the volumes that nothing has claimed, and files that belong to nothing. They are what a request made that was cut off.</summary>
    internal void RemoveUnclaimed()
    {
        foreach (var volume in _unclaimed.Values)
            volume.Dispose();
        _unclaimed.Clear();
        _claimed.Clear();
        foreach (var layer in _layers.Values.Where(layer => !layer.IsUsed).ToList())
            Delete(layer);
        if (!Directory.Exists(_directory))
            return;
        foreach (var file in Directory.EnumerateFiles(_directory, "*" + Extension))
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) || !_layers.ContainsKey(id))
                File.Delete(file);
        }
    }

    /// <summary>Closes every layer, and deletes it unless there is a database; volumes can't be read afterwards.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers.Values)
        {
            layer.Close();
            if (_database is null)
                Delete(layer);
        }
    }

    internal long NewId() => Interlocked.Increment(ref _lastId);

    internal PageLayer NewLayer(PageLayer? parent, StateWriter? writer)
    {
        var layer = new PageLayer(this, NewId(), parent);
        _layers[layer.Id] = layer;
        writer?.AddLayer(layer.Id, parent?.Id);
        return layer;
    }

    /// <summary>Does what makes or freezes layers: in a transaction, at once, so that no write to a layer can be kept before the layer is.</summary>
    internal void Transact(Action<StateWriter?> change)
    {
        if (_database is null)
            change(null);
        else
            _database.Transact(change);
    }

    /// <summary>Has the pages of a volume kept that were changed since the last time.</summary>
    internal void Keep(PageVolume volume)
    {
        if (_database is null)
            return;
        using var own = _database.Begin();
        _database.Current!.Add(volume);
    }

    /// <summary>Gives back the layers of a volume, once it is kept that it is gone.</summary>
    internal void Remove(PageVolume volume, PageLayer top)
    {
        if (_database is null)
        {
            top.Release();
            return;
        }

        using var own = _database.Begin();
        _database.Current!.RemoveVolume(volume.Id);
        _database.Current!.Afterwards(top.Release);
    }

    /// <summary>Deletes a layer that nothing stands on any more.</summary>
    internal void Delete(PageLayer layer)
    {
        _layers.TryRemove(layer.Id, out _);
        _database?.Transact(writer => writer.RemoveLayer(layer.Id));
        // A layer that was never written to has no file, and there may be no directory yet.
        if (File.Exists(PathOf(layer.Id)))
            File.Delete(PathOf(layer.Id));
    }

    internal SafeFileHandle OpenFile(long id)
    {
        Directory.CreateDirectory(_directory);
        var file = File.OpenHandle(PathOf(id), _database is null ? FileMode.Create : FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.RandomAccess);
        SparseFile.Mark(file);
        return file;
    }

    private void Restore(StateDatabase database)
    {
        foreach (var (id, parent) in database.Layers())
        {
            var below = parent is { } known ? Known(known) : null;
            below?.AddUser();
            _layers[id] = new PageLayer(this, id, below, users: 0);
            _lastId = id;
        }

        // As a map they are marked in ascending order, which costs nothing.
        foreach (var (layer, run) in database.Runs())
            Known(layer).Map.Mark(run.Start, run.End, run.State);
        foreach (var (id, topId, length, isReadOnly) in database.Volumes())
        {
            var top = Known(topId);
            top.AddUser();
            _unclaimed[id] = new PageVolume(this, id, top, length, isReadOnly);
            _lastId = Math.Max(_lastId, id);
        }
    }

    private PageLayer Known(long id) => _layers.GetValueOrDefault(id) ?? throw new IOException($"The state names the layer {id}, which is not there.");

    private string PathOf(long id) => Path.Combine(_directory, id.ToString("x8", CultureInfo.InvariantCulture) + Extension);
}
