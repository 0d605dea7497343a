using System.Globalization;
using AzsBackup.Emulator.Persistence;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>The directory of block contents: one plain file each.</summary>
/// <param name="directory">Belongs to the store; made with the first file.</param>
/// <param name="database">Where it is kept what uses the files, if that survives a restart.</param>
internal sealed class ContentStore(string directory, StateDatabase? database = null)
{
    private const string Extension = ".block";

    private readonly string _directory = Path.GetFullPath(directory);
    private readonly Dictionary<long, ContentFile> _claimed = [];
    private long _lastId;

    /// <summary>Makes a file of what <paramref name="write"/> writes; if that fails, nothing stays behind.</summary>
    public async Task<ContentFile> CreateAsync(Func<Stream, Task> write)
    {
        Directory.CreateDirectory(_directory);
        var id = Interlocked.Increment(ref _lastId);
        var path = PathOf(id);
        try
        {
            // No buffer: what comes from the network comes in pieces of its own, which are large.
            var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
            await using (file)
            {
                await write(file);
                return new ContentFile(this, id, file.Length);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public SafeFileHandle Open(long id) => File.OpenHandle(PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read);

    public void Delete(long id) => File.Delete(PathOf(id));

    /// <summary>Runs when the change of the state is written that is under way on this thread; at once if there is none.</summary>
    public void Afterwards(Action action)
    {
        if (database?.Current is { } change)
            change.Afterwards(action);
        else
            action();
    }

    /// <summary>A file that was there before a restart, with one user more.</summary>
    /// <exception cref="IOException">It is not there, or not as long as it was.</exception>
    public ContentFile Claim(long id, long length)
    {
        if (!_claimed.TryGetValue(id, out var content))
        {
            if (new FileInfo(PathOf(id)) is not { Exists: true } file || file.Length != length)
                throw new IOException($"The state names the block {id} of {length} bytes, which is not there.");
            _claimed[id] = content = new ContentFile(this, id, length, users: 0);
        }

        content.AddUser();
        _lastId = Math.Max(_lastId, id);
        return content;
    }

    /// <summary>Ends the restart: removes files that nothing has claimed. They are what a request made that was cut off.</summary>
    public void RemoveUnclaimed()
    {
        if (!Directory.Exists(_directory))
            return;
        foreach (var file in Directory.EnumerateFiles(_directory, "*" + Extension))
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) || !_claimed.ContainsKey(id))
                File.Delete(file);
        }

        _claimed.Clear();
    }

    private string PathOf(long id) => Path.Combine(_directory, id.ToString("x8", CultureInfo.InvariantCulture) + Extension);
}
