using System.Reflection;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>Where the module under test lies.</summary>
internal static class BuiltModule
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Manifest { get; } = Path.Combine(Root, "AzsBackup.psd1");

    public static string DependenciesDirectory { get; } = Path.Combine(Root, "module", "bin", "dependencies");

    /// <summary>The commands in AzsBackup.Module.Tests.Cmdlets, which stand on the module's base classes.</summary>
    public static string TestCmdlets { get; } = Path.GetFullPath(Metadata("TestCmdlets"));

    private static string Metadata(string key) =>
        typeof(BuiltModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
