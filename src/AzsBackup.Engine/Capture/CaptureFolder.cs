using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>A capture's folder. Every file appears whole or not at all.</summary>
public sealed class CaptureFolder : ICaptureStore
{
    private CaptureFolder(string path) => Path = path;

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    /// <summary>Opens a folder for a capture. One that is missing is made with the first file.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="AzsException">It is a file, can't be read, or holds something that is no capture.</exception>
    public static CaptureFolder Open(string path)
    {
        if (File.Exists(path))
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "CapturePathIsFile", $"'{path}' is a file.", "Give a folder with -Path.", path);
        }

        try
        {
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !File.Exists(System.IO.Path.Combine(path, CaptureManifest.FileName)))
            {
                throw new AzsException(
                    AzsErrorKind.InvalidInput,
                    "CapturePathNotEmpty",
                    $"'{path}' holds files that are not an earlier capture.",
                    "Give an empty or a new folder with -Path.",
                    path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, failure);
        }

        return new CaptureFolder(path);
    }

    /// <inheritdoc/>
    public async Task<CaptureManifest?> FindEarlierAsync(CancellationToken cancellationToken) =>
        await FindAsync(CaptureManifest.FileName, cancellationToken).ConfigureAwait(false) is { } json ? CaptureManifest.Read(json, Path) : null;

    /// <inheritdoc/>
    public string Describe(string path) => Resolve(path);

    /// <inheritdoc/>
    public async Task PublishAsync(CaptureManifest manifest, IReadOnlyList<string> gonePaths, CancellationToken cancellationToken)
    {
        foreach (var path in gonePaths) Delete(path);
        await WriteAsync(CaptureManifest.FileName, manifest.Write(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The full path of a file of the capture.</summary>
    /// <param name="relative">A path with forward slashes.</param>
    public string Resolve(string relative) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, relative));

    /// <summary>Reads a file; null if there is none.</summary>
    public async Task<byte[]?> FindAsync(string relative, CancellationToken cancellationToken)
    {
        var file = Resolve(relative);
        return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var file = Resolve(path);
        var partial = file + ".partial";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            }

            File.Move(partial, file, overwrite: true);
        }
        catch (OperationCanceledException)
        {
            File.Delete(partial);
            throw;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(file, failure);
        }
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public void Delete(string relative)
    {
        try
        {
            File.Delete(Resolve(relative));
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its folder already.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Resolve(relative), failure);
        }
    }

    private static AzsException NotWritable(string path, Exception cause) => new(
        AzsErrorKind.StorageFailed,
        "CaptureNotWritable",
        $"'{path}' can't be written: {cause.Message}",
        "Check the folder's permissions and free space, then run the export again.",
        path,
        cause);
}
