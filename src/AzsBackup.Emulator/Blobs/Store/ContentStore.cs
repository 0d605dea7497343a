using System.Globalization;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>The directory of block contents: one plain file each.</summary>
internal sealed class ContentStore(string directory)
{
    private readonly string _directory = Path.GetFullPath(directory);
    private long _lastId;

    /// <summary>Makes a file of what <paramref name="write"/> writes; if that fails, nothing stays behind.</summary>
    public async Task<ContentFile> CreateAsync(Func<Stream, Task> write)
    {
        Directory.CreateDirectory(_directory);
        var path = Path.Combine(_directory, Interlocked.Increment(ref _lastId).ToString("x8", CultureInfo.InvariantCulture) + ".block");
        try
        {
            // No buffer: what comes from the network comes in pieces of its own, which are large.
            var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
            await using (file)
            {
                await write(file);
                return new ContentFile(path, file.Length);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
