using AzsBackup.Model;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Engine.Restore;

/// <summary>
/// A file being written under a name of its own; it gets its real name when it is whole, and is deleted if it never is.
/// What is not written reads as zeros and takes no room where the file system allows.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _partial;
    private readonly SafeFileHandle _handle;
    private readonly UncachedFile? _uncached;
    private bool _whole;

    private PartialFile(string file, string partial, SafeFileHandle handle)
    {
        File = file;
        _partial = partial;
        _handle = handle;
        _uncached = UncachedFile.TryOpen(partial);
    }

    /// <summary>The real name, as a full path.</summary>
    public string File { get; }

    /// <summary>Begins a file of a given length.</summary>
    /// <exception cref="AzsException">The folder can't be written, or has not enough room.</exception>
    public static PartialFile Create(string file, long length)
    {
        var partial = file + ".partial";
        try
        {
            var handle = System.IO.File.OpenHandle(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
            SparseFiles.MarkSparse(handle);
            RandomAccess.SetLength(handle, length);
            return new PartialFile(file, partial, handle);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(file, failure);
        }
    }

    /// <summary>Writes bytes at an offset, best from the beginning of a piece's buffer. Concurrent writes to different places are fine.</summary>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            if (_uncached is not null && await _uncached.TryWriteAsync(offset, bytes, cancellationToken).ConfigureAwait(false)) return;
            await RandomAccess.WriteAsync(_handle, bytes, offset, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw NotWritable(File, failure);
        }
    }

    /// <summary>Says that everything is written: flushes it and gives the file its real name, replacing one that has it.</summary>
    public void Complete()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
            _uncached?.Dispose();
            _handle.Dispose();
            System.IO.File.Move(_partial, File, overwrite: true);
            _whole = true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(File, failure);
        }
    }

    public void Dispose()
    {
        _uncached?.Dispose();
        _handle.Dispose();
        if (!_whole) System.IO.File.Delete(_partial);
    }

    private static AzsException NotWritable(string file, Exception cause) => new(
        AzsErrorKind.StorageFailed,
        "RestorePathNotWritable",
        $"'{file}' can't be written: {cause.Message}",
        "Check the folder's permissions and free space, then run the restore again.",
        file,
        cause);
}
