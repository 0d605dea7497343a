using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace AzsBackup.Loader;

/// <summary>
/// Runs when PowerShell imports this assembly, which the manifest makes happen before it looks at the cmdlets: their base
/// types and attributes may then name types of the engine.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    /// <summary>The only names answered for: any other would be answering for strangers.</summary>
    private static readonly string[] Ours = ["AzsBackup.Vault", "AzsBackup.Engine", "AzsBackup.Azure"];

    /// <summary>One context for the life of the process: a second would make every type exist twice.</summary>
    private static readonly Lazy<ModuleLoadContext> Context = new(static () =>
        new ModuleLoadContext(Path.Combine(ModuleDirectory, "dependencies", "AzsBackup.Azure.dll")));

    private static int Hooked;

    private static string ModuleDirectory => Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref Hooked, 1) != 0) return;

        // The engine asks the default context for the model, and that one looks only at what is loaded already.
        AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(ModuleDirectory, "AzsBackup.Model.dll"));
        AssemblyLoadContext.Default.Resolving += static (_, name) => Resolve(name);
    }

    private static Assembly? Resolve(AssemblyName name) =>
        Array.IndexOf(Ours, name.Name) >= 0 ? Context.Value.LoadFromAssemblyName(name) : null;
}
