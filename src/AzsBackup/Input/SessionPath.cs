using System.Management.Automation;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>Paths as the session means them.</summary>
internal static class SessionPath
{
    /// <summary>
    /// The full path of a file or folder that need not exist, relative ones counted from the session's location. Wildcards are
    /// ordinary letters. On the pipeline thread only.
    /// </summary>
    /// <exception cref="AzsException"><c>PathNotInFileSystem</c>.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        try
        {
            var full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name == "FileSystem") return full;
        }
        catch (Exception failure) when (failure is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or PSInvalidOperationException)
        {
            throw NotAFile(path, failure);
        }

        throw NotAFile(path, null);
    }

    private static AzsException NotAFile(string path, Exception? cause) => new(
        AzsErrorKind.InvalidInput, "PathNotInFileSystem", $"'{path}' is not a path in the file system.", "Give the path of a file or folder.", path, cause);
}
