using System.Reflection;
using System.Runtime.Loader;

namespace AzsBackup.Loader;

/// <summary>
/// The load context of everything in <c>dependencies/</c>, so that our Azure.Core and the one Az.Accounts brings don't meet.
/// Its own folder comes first, except for parts of the runtime that the runtime has at least as new: the runtime's other parts
/// speak its own copies (System.Net.Http takes types of its own System.Diagnostics.DiagnosticSource), and a second copy would
/// end in a MissingMethodException. What is not in the folder, AzsBackup.Model above all, comes from the default context, so
/// that users and we mean the same types.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly string RuntimeDirectory = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private readonly AssemblyDependencyResolver _resolver;

    /// <summary>Makes the context.</summary>
    /// <param name="mainAssemblyPath">The assembly whose <c>.deps.json</c> says what lies where.</param>
    public ModuleLoadContext(string mainAssemblyPath)
        : base("AzsBackup")
    {
        _resolver = new AssemblyDependencyResolver(mainAssemblyPath);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path && !RuntimeHasAsNew(path) ? LoadFromAssemblyPath(path) : null;

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;

    private static bool RuntimeHasAsNew(string path)
    {
        // By name as well: a self-contained PowerShell has its own packages in the same folder, and those are not the runtime.
        var file = Path.GetFileName(path);
        var runtimePath = Path.Combine(RuntimeDirectory, file);
        return file.StartsWith("System.", StringComparison.Ordinal)
            && File.Exists(runtimePath)
            && AssemblyName.GetAssemblyName(runtimePath).Version >= AssemblyName.GetAssemblyName(path).Version;
    }
}
