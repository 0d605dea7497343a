using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Pages;

/// <summary>
/// Where the bytes of page blobs and disks lie: a directory with one sparse file for each layer that was written to.
/// The directory belongs to the store; nothing is created in it before the first write.
/// </summary>
/// <remarks>
/// State that survives a restart needs three things, all of which are at hand: the files, which stay as they are; for each layer
/// its id, its parent's id and the runs of its map (<see cref="PageMap.Runs"/>; three numbers a run); for each volume its length,
/// whether it is read-only, and the id of its top layer. Users of layers are counted again from these on loading.
/// </remarks>
public sealed class PageStore : IDisposable
{
    private readonly string _directory;
    private readonly ConcurrentDictionary<long, PageLayer> _layers = new();
    private long _lastId;

    /// <summary>Takes a directory, which is created when the first byte is written.</summary>
    public PageStore(string directory) => _directory = Path.GetFullPath(directory);

    /// <summary>Makes an empty volume: all zeros, nothing allocated, no file.</summary>
    /// <param name="length">Bytes; a multiple of 512, at least 0.</param>
    public PageVolume Create(long length) => new(this, NewLayer(null), length, isReadOnly: false);

    /// <summary>Closes and deletes every layer; volumes can't be read afterwards.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers.Values)
            layer.Discard();
    }

    internal PageLayer NewLayer(PageLayer? parent)
    {
        var layer = new PageLayer(this, Interlocked.Increment(ref _lastId), parent);
        _layers[layer.Id] = layer;
        return layer;
    }

    internal void Forget(PageLayer layer) => _layers.TryRemove(layer.Id, out _);

    internal SafeFileHandle OpenFile(long id)
    {
        Directory.CreateDirectory(_directory);
        var file = File.OpenHandle(PathOf(id), FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.RandomAccess);
        SparseFile.Mark(file);
        return file;
    }

    internal void DeleteFile(long id) => File.Delete(PathOf(id));

    private string PathOf(long id) => Path.Combine(_directory, id.ToString("x8", CultureInfo.InvariantCulture) + ".layer");
}
