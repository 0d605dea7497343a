namespace AzsBackup.Module.Tests.Hosting;

/// <summary>What lies below a folder, to be compared with what lies there later.</summary>
internal static class FolderState
{
    /// <summary>Every file with its size and every folder, in order.</summary>
    public static IReadOnlyList<string> Of(string folder) => new DirectoryInfo(folder)
        .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .Select(entry => $"{Path.GetRelativePath(folder, entry.FullName)} {(entry as FileInfo)?.Length}")
        .Order(StringComparer.Ordinal)
        .ToList();

    /// <summary>The files below a folder that hold a text, in UTF-8 or in their names.</summary>
    public static IReadOnlyList<string> FilesWith(string folder, string text)
    {
        var wanted = System.Text.Encoding.UTF8.GetBytes(text);
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => file[folder.Length..].Contains(text, StringComparison.Ordinal) || File.ReadAllBytes(file).AsSpan().IndexOf(wanted) >= 0)
            .ToList();
    }
}
