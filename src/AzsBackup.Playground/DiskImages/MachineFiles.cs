using System.Runtime.InteropServices;

namespace AzsBackup.Playground.DiskImages;

/// <summary>
/// Real files of this machine to fill disks with: the .NET installation that runs the playground, for every machine that can
/// run it has one. Random bytes could not be compressed or deduplicated, and zeros would cost nothing: neither would show
/// what a backup of a real disk costs.
/// </summary>
internal sealed class MachineFiles
{
    private const int LongestName = 100; // of a ustar header without its prefix field
    private readonly List<FileInfo> _left;

    /// <summary>Lists files, in an order that depends on nothing but their names.</summary>
    /// <param name="root">The folder below which they lie.</param>
    /// <param name="folders">Its sub-folders to look into, in this order; one that is missing is passed over.</param>
    public MachineFiles(string root, params IEnumerable<string> folders)
    {
        Root = root;
        _left = [.. folders.Select(name => new DirectoryInfo(Path.Combine(root, name))).Where(folder => folder.Exists).SelectMany(FilesBelow)];
    }

    /// <summary>The folder the files lie in.</summary>
    public string Root { get; }

    /// <summary>The .NET installation that runs this process: the runtimes first, then the SDK.</summary>
    public static MachineFiles OfDotNet()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        return runtime.Parent?.Parent?.Parent is { } root
            ? new MachineFiles(root.FullName, "shared", "sdk", "packs")
            : throw new PlaygroundException($"There is no .NET installation around {runtime.FullName}: start the playground with the .NET SDK.");
    }

    /// <summary>The name a file has in an archive: its path below <see cref="Root"/>, with slashes.</summary>
    public string NameOf(FileInfo file) => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');

    /// <summary>Takes files nobody has taken yet.</summary>
    /// <param name="bytes">How many bytes they are to hold together, at most.</param>
    /// <exception cref="PlaygroundException">Too few are left to come near that.</exception>
    public IReadOnlyList<FileInfo> Take(long bytes)
    {
        var taken = new List<FileInfo>();
        var room = bytes;
        foreach (var file in _left)
        {
            if (file.Length > room)
                continue;
            taken.Add(file);
            room -= file.Length;
        }

        if (room > bytes / 2)
            throw new PlaygroundException($"{Root} holds too few files to fill the tour's disks. Install the .NET SDK, not only a runtime.");
        _left.RemoveAll(taken.ToHashSet().Contains);
        return taken;
    }

    private IEnumerable<FileInfo> FilesBelow(DirectoryInfo folder) => folder
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Where(file => file.Length > 0 && NameOf(file).Length <= LongestName)
        .OrderBy(file => file.FullName, StringComparer.Ordinal);
}
