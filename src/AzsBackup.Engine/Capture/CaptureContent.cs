using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>A capture to be read: its manifest, and each resource's body as it is asked for. Safe for concurrent use.</summary>
public sealed class CaptureContent
{
    private readonly CaptureManifest _manifest;
    private readonly Func<string, CancellationToken, Task<byte[]?>> _find;

    /// <summary>Makes the content of what another place than a folder holds.</summary>
    /// <param name="location">What to call the capture in messages.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="find">Reads one of its files by its relative path; null if there is none.</param>
    /// <exception cref="AzsException">The manifest names something that is no scope.</exception>
    public CaptureContent(string location, CaptureManifest manifest, Func<string, CancellationToken, Task<byte[]?>> find)
    {
        Location = location;
        _manifest = manifest;
        _find = find;
        Scopes = manifest.Scopes.Select(scope => ResourceId.TryParse(scope, out var id) ? id : throw new AzsException(
            AzsErrorKind.DataDamaged, "CaptureManifestDamaged", $"The capture in '{location}' says it was made of '{scope}', which is no scope.", "Export into a new folder.", location)).ToList();
    }

    /// <summary>What to call the capture in messages: its folder.</summary>
    public string Location { get; }

    /// <summary>The host name of the stack's Resource Manager endpoint.</summary>
    public string Stack => _manifest.Stack;

    /// <summary>When it was made (UTC).</summary>
    public DateTime CapturedAt => _manifest.CapturedAt;

    /// <summary>What it was made of.</summary>
    public IReadOnlyList<ResourceId> Scopes { get; }

    /// <summary>Everything that was listed, by id, parts of listings that were refused included.</summary>
    public IReadOnlyList<CaptureEntry> Entries => _manifest.Resources;

    /// <summary>Opens the capture in a folder.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException">There is no capture, or it can't be read.</exception>
    public static async Task<CaptureContent> OpenFolderAsync(string path, CancellationToken cancellationToken)
    {
        var manifest = await FindFileAsync(path, CaptureManifest.FileName, cancellationToken).ConfigureAwait(false) ?? throw new AzsException(
            AzsErrorKind.NotFound,
            "CaptureNotFound",
            $"'{path}' holds no finished capture.",
            "Give the folder of an export that ended, or export with Export-AzsResourceConfig.",
            path);
        return new CaptureContent(path, CaptureManifest.Read(manifest, path), (file, cancelled) => FindFileAsync(path, file, cancelled));
    }

    /// <summary>Whether an id lies in what the capture was made of.</summary>
    public bool Covers(string id) => CaptureManifest.Covers(Scopes, id);

    /// <summary>Reads a resource's body; null if the capture has none of it.</summary>
    /// <exception cref="AzsException">The file is missing or damaged.</exception>
    public async Task<JsonElement?> FindBodyAsync(CaptureEntry entry, CancellationToken cancellationToken)
    {
        if (entry.File is null) return null;
        var content = await _find(entry.File, cancellationToken).ConfigureAwait(false) ?? throw Damaged(entry, "is missing", null);
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone() : throw Damaged(entry, "is no resource", null);
        }
        catch (JsonException damage)
        {
            throw Damaged(entry, "is damaged", damage);
        }
    }

    private static async Task<byte[]?> FindFileAsync(string folder, string relative, CancellationToken cancellationToken)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        var file = Path.GetFullPath(Path.Combine(root, relative));

        // A manifest is data from elsewhere: it must not lead out of its folder.
        if (!file.StartsWith(root, StringComparison.Ordinal)) return null;
        try
        {
            return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AzsException(
                AzsErrorKind.StorageFailed, "CaptureNotReadable", $"'{file}' can't be read: {failure.Message}", "Check the folder's permissions.", file, failure);
        }
    }

    private AzsException Damaged(CaptureEntry entry, string what, Exception? cause) => new(
        AzsErrorKind.DataDamaged,
        "CaptureFileDamaged",
        $"The file '{entry.File}' of the capture in '{Location}' {what}.",
        "Export into a new folder.",
        entry.Id,
        cause);
}
