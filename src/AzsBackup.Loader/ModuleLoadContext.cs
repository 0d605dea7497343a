using System.Reflection;
using System.Runtime.Loader;

namespace AzsBackup.Loader;

/// <summary>
/// The load context of everything in <c>dependencies/</c>, so that our Azure.Core and the one Az.Accounts brings don't meet.
/// Its own folder comes first, also for assemblies the runtime has in another version (System.Text.Json); what is not there,
/// AzsBackup.Model above all, comes from the default context, so that users and we mean the same types.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
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
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
}
