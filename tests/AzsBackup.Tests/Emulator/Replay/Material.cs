using System.Reflection;
using Xunit;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>
/// Recordings of others, which are no part of the project: they lie beside the checkout, in ../shared/material, or where
/// AZSBACKUP_MATERIAL says.
/// </summary>
internal static class Material
{
    /// <summary>The root of the checkout.</summary>
    public static string RepositoryRoot { get; } =
        typeof(Material).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    /// <summary>The folder of that name; skips the test where there is none.</summary>
    public static string Folder(string name)
    {
        string folder = PathOf(name);
        Assert.SkipUnless(Directory.Exists(folder), $"There is no material in {folder}.");
        return folder;
    }

    /// <summary>Where the folder of that name would be.</summary>
    public static string PathOf(string name)
    {
        string root = Environment.GetEnvironmentVariable("AZSBACKUP_MATERIAL") ?? Path.Combine(RepositoryRoot, "..", "shared", "material");
        return Path.GetFullPath(Path.Combine(root, name));
    }
}
