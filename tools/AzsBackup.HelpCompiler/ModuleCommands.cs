using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AzsBackup.HelpCompiler;

/// <summary>The module's commands, as the engine sees them after an import.</summary>
internal static class ModuleCommands
{
    /// <summary>What the engine gives every command.</summary>
    public static IReadOnlySet<string> CommonParameters { get; } =
        PSCmdlet.CommonParameters.Concat(["WhatIf", "Confirm"]).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Imports a module and reads its commands.</summary>
    public static IReadOnlyList<CmdletInfo> Read(string manifest)
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        var module = shell.AddCommand("Import-Module")
            .AddParameter("Name", manifest).AddParameter("PassThru").AddParameter("ErrorAction", "Stop")
            .Invoke<PSModuleInfo>().Single();
        var commands = module.ExportedCmdlets.Values.OrderBy(command => command.Name, StringComparer.Ordinal).ToList();
        foreach (var command in commands)
            _ = command.ParameterSets; // worked out while the runspace is open, and kept
        return commands;
    }
}
