using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AzsBackup.Playground.Hosting;

/// <summary>
/// One session of the real engine, with the built module imported by its manifest, as a user imports it. Commands run one at a
/// time; <see cref="StopCommand"/> may be called from any thread.
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly PlaygroundHost _host;
    private readonly Runspace _runspace;
    private readonly Screen _screen;
    private readonly Lock _gate = new();
    private PowerShell? _running;

    /// <summary>Opens a session.</summary>
    /// <param name="screen">Where its output goes.</param>
    public Session(Screen screen)
    {
        _screen = screen;
        _host = new PlaygroundHost(screen);
        var state = InitialSessionState.CreateDefault2();
        state.ThreadOptions = PSThreadOptions.ReuseThread; // a command that ran on the caller's thread could not be stopped
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
        if (!screen.IsTerminal)
            Run("$PSStyle.OutputRendering = 'PlainText'");
    }

    /// <summary>What <c>exit</c> asked for; null as long as no command did.</summary>
    public int? ExitCode => _host.ExitCode;

    /// <summary>Makes a folder the session's current one.</summary>
    /// <param name="path">A full path.</param>
    public void SetLocation(string path) => _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(path));

    /// <summary>Sets a global variable.</summary>
    public void SetVariable(string name, object value) => _runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>Reads a global variable; null if there is none.</summary>
    public object? GetVariable(string name)
    {
        var value = _runspace.SessionStateProxy.GetVariable(name);
        return value is PSObject wrapped ? wrapped.BaseObject : value;
    }

    /// <summary>Runs a command line as if it were typed, and shows its output and errors.</summary>
    /// <param name="text">The command line.</param>
    /// <returns>Whether it ran to its end without an error.</returns>
    public bool Run(string text)
    {
        using var command = PowerShell.Create(_runspace);
        command.AddScript(text);
        return Run(command);
    }

    /// <summary>Runs an expression without showing anything, and gives its output.</summary>
    /// <exception cref="RuntimeException">It failed.</exception>
    public IReadOnlyList<PSObject> Evaluate(string expression)
    {
        using var command = PowerShell.Create(_runspace);
        return [.. command.AddScript(expression).Invoke()];
    }

    /// <summary>Runs a script file, and shows its output and errors.</summary>
    /// <param name="path">The file's full path.</param>
    /// <returns>The exit code: what the script gave to <c>exit</c>, 1 if it died of an error, else 0.</returns>
    public int RunScript(string path)
    {
        _runspace.SessionStateProxy.SetVariable("global:LASTEXITCODE", 0);
        using var command = PowerShell.Create(_runspace);
        command.AddCommand(path);
        Run(command, out var died);
        if (GetVariable("LASTEXITCODE") is int code and not 0)
            return code;
        return died ? 1 : 0;
    }

    /// <summary>Stops the running command, if there is one.</summary>
    /// <returns>Whether there was one.</returns>
    public bool StopCommand()
    {
        lock (_gate)
        {
            if (_running is null)
                return false;
            _running.BeginStop(null, null);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    private ArrayList Errors => (ArrayList)_runspace.SessionStateProxy.GetVariable("Error");

    private bool Run(PowerShell command) => Run(command, out _);

    private bool Run(PowerShell command, out bool died)
    {
        // The engine's HadErrors forgets errors that were merged into the output, as they are below; $Error does not.
        var newest = Errors.Count > 0 ? Errors[0] : null;
        var before = Errors.Count;
        died = false;
        command.Commands.Commands[^1].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        command.AddCommand("Out-Default");
        lock (_gate)
            _running = command;
        try
        {
            command.Invoke(null, new PSInvocationSettings { AddToHistory = true });
        }
        catch (PipelineStoppedException)
        {
            // Thrown by some commands that are stopped, and not by others: the state below says it of all.
        }
        catch (ParseException exception)
        {
            // Out-Default shows an empty line for these where Microsoft.PowerShell.Utility is missing.
            died = true;
            _screen.WriteLine("91", exception.Message);
        }
        catch (RuntimeException exception)
        {
            died = true;
            Show(exception.ErrorRecord);
        }
        finally
        {
            lock (_gate)
                _running = null;
            _screen.ClearProgress();
        }

        if (command.InvocationStateInfo.State == PSInvocationState.Stopped)
        {
            died = true;
            _screen.WriteLine("33", "Stopped.");
        }

        return !died && Errors.Count == before && ReferenceEquals(newest, Errors.Count > 0 ? Errors[0] : null);
    }

    private void Show(ErrorRecord error)
    {
        var shown = new PSObject(error);
        shown.Properties.Add(new PSNoteProperty("writeErrorStream", true)); // the mark by which Out-Default knows an error
        using var command = PowerShell.Create(_runspace);
        command.AddCommand("Out-Default").AddParameter("InputObject", shown).Invoke();
    }
}
