using AzsBackup.Model;

namespace AzsBackup.Composition;

/// <summary>Writes files that a command makes for the user: whole or not at all, replacing an earlier one.</summary>
internal static class OutputFile
{
    /// <summary>Writes one; its folder is made if missing.</summary>
    /// <exception cref="AzsException"><c>FileNotWritable</c>.</exception>
    public static async Task<FileInfo> WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var partial = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(partial, content, cancellationToken).ConfigureAwait(false);
            File.Move(partial, path, overwrite: true);
            return new FileInfo(path);
        }
        catch (OperationCanceledException)
        {
            File.Delete(partial);
            throw;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AzsException(
                AzsErrorKind.StorageFailed, "FileNotWritable", $"'{path}' can't be written: {failure.Message}", "Check the folder's permissions and free space, or give another path.", path, failure);
        }
    }
}
