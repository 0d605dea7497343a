using System.Reflection;
using System.Runtime.InteropServices;

namespace AzsBackup.Emulator.Deployments.Bicep;

/// <summary>
/// Where the Bicep CLI is: the option, the variable <c>AZSBACKUP_BICEP</c>, the NuGet package that the build restored for this
/// platform, <c>bicep</c> on the path. The package comes before the path because its version is the one that was tried.
/// </summary>
internal static class BicepLocator
{
    public const string Variable = "AZSBACKUP_BICEP";
    private static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>The executable, or <see langword="null"/> if there is none.</summary>
    /// <param name="option">What the user named; it is taken as it is.</param>
    public static string? Find(string? option)
    {
        if ((option ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
            return named;
        string name = IsWindows ? "bicep.exe" : "bicep";
        return Restored(name) ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The build writes the package's folder into the assembly, for NuGet may keep packages anywhere.</summary>
    private static string? Restored(string name)
    {
        string? folder = typeof(BicepLocator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "BicepFolder")?.Value;
        return folder is not null && Path.Combine(folder, name) is { } path && File.Exists(path) ? path : null;
    }
}
