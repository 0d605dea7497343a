using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AzsBackup.Sessions;

/// <summary>Runs when PowerShell removes the module from a session: what the session serves ends with it.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        // The engine's interface is synchronous, and this thread has no context that the work could be waiting for.
        if (Runspace.DefaultRunspace is { } session) MountSessions.EndAllAsync(session.InstanceId).GetAwaiter().GetResult();
    }
}
