using System.Reflection;

namespace AzsBackup.Tests.Engine.Reporting;

/// <summary>The repository these tests were built from.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = typeof(RepositoryRoot).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "RepositoryRoot").Value!;
}
