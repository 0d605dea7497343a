using System.Management.Automation;

namespace AzsBackup.Pipeline;

/// <summary>Where a command's output goes: the pipeline of a cmdlet, or a job. Called by one thread only.</summary>
internal interface ICommandSink
{
    void WriteResult(object result);

    void WriteError(ErrorRecord error);

    void WriteWarning(string message);

    void WriteVerbose(string message);

    void WriteProgress(ProgressRecord progress);

    /// <summary>Shows a line whatever the preferences, as <c>Write-Host</c> does.</summary>
    void Show(string message);

    bool ShouldProcess(string target, string action);

    bool ShouldContinue(string query, string caption);

    /// <summary>Runs a question that needs the session: a script, a variable, the host.</summary>
    T Ask<T>(Func<PSCmdlet, T> question);
}
