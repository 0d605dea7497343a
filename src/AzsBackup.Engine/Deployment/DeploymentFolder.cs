using System.Text.Json;
using AzsBackup.Model;

namespace AzsBackup.Engine.Deployment;

/// <summary>The folder that a deployment is written to.</summary>
public static class DeploymentFolder
{
    /// <summary>
    /// The files of an earlier deployment in a folder, by name, so that those that a new one does not have can be deleted; none
    /// for a folder that is empty or missing.
    /// </summary>
    /// <param name="path">A full path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException"><c>DeploymentPathNotEmpty</c>: it holds something else. Or it can't be read.</exception>
    public static async Task<IReadOnlyList<string>> FindEarlierAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = Path.Combine(path, DeploymentManifest.FileName);
            if (!File.Exists(manifest)) return Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() ? throw NotEmpty(path, null) : [];
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(manifest, cancellationToken).ConfigureAwait(false));

            // A manifest is data from elsewhere: it must not lead out of its folder.
            return [.. document.RootElement.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("file").GetString()!).Where(file => file == Path.GetFileName(file))];
        }
        catch (Exception damage) when (damage is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw NotEmpty(path, damage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AzsException(AzsErrorKind.StorageFailed, "FileNotWritable", $"'{path}' can't be read: {failure.Message}", "Check the folder's permissions, or give another one.", path, failure);
        }
    }

    private static AzsException NotEmpty(string path, Exception? cause) => new(
        AzsErrorKind.InvalidInput,
        "DeploymentPathNotEmpty",
        $"'{path}' holds files that are not an earlier deployment.",
        "Give an empty or a new folder with -Destination.",
        path,
        cause);
}
