using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>A runspace of the real engine with the built module imported.</summary>
internal sealed class ModuleHost : IDisposable
{
    private readonly RecordingHost _host;
    private readonly Runspace _runspace;

    private ModuleHost(int width)
    {
        _host = new RecordingHost(width);
        var session = InitialSessionState.CreateDefault2();
        session.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace = RunspaceFactory.CreateRunspace(_host, session);
        _runspace.Open();
    }

    /// <summary>What a person would see.</summary>
    public RecordingInterface Screen => _host.Screen;

    /// <summary>A runspace with nothing imported.</summary>
    public static ModuleHost Bare() => new(width: 120);

    /// <summary>A runspace with the module.</summary>
    public static ModuleHost WithModule(int width = 120)
    {
        var host = new ModuleHost(width);
        host.Invoke($"Import-Module '{BuiltModule.Manifest}' -ErrorAction Stop").Succeeded();
        return host;
    }

    /// <summary>A runspace with the module and the test commands.</summary>
    public static ModuleHost WithTestCmdlets()
    {
        var host = WithModule();
        host.Invoke($"Import-Module '{BuiltModule.TestCmdlets}' -ErrorAction Stop").Succeeded();
        return host;
    }

    /// <summary>Sets a variable for the scripts to come.</summary>
    public ModuleHost Set(string name, object? value)
    {
        _runspace.SessionStateProxy.SetVariable(name, value);
        return this;
    }

    /// <summary>Runs a script to its end.</summary>
    public Invocation Invoke(string script)
    {
        using var shell = Shell(script);
        var output = shell.Invoke();
        return Collect(shell, output);
    }

    /// <summary>Starts a script; the caller stops or awaits it.</summary>
    public PowerShell Start(string script, out Task<PSDataCollection<PSObject>> ending)
    {
        var shell = Shell(script);
        ending = shell.InvokeAsync();
        return shell;
    }

    /// <summary>The names that completion offers at the end of a line.</summary>
    public IReadOnlyList<string> Complete(string line)
    {
        using var shell = PowerShell.Create(_runspace);
        return CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches.Select(match => match.CompletionText).ToList();
    }

    public void Dispose() => _runspace.Dispose();

    internal static Invocation Collect(PowerShell shell, IEnumerable<PSObject> output) => new(
        output.Select(item => item?.BaseObject is PSCustomObject ? item : item?.BaseObject).ToList(),
        shell.Streams.Error.ToList(),
        shell.Streams.Warning.Select(record => record.Message).ToList(),
        shell.Streams.Verbose.Select(record => record.Message).ToList());

    private PowerShell Shell(string script)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }
}
