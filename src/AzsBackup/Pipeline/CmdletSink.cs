using System.Management.Automation;

namespace AzsBackup.Pipeline;

/// <summary>Sends a command's output down the pipeline of its cmdlet. Used on the pipeline thread only.</summary>
internal sealed class CmdletSink(PSCmdlet cmdlet) : ICommandSink
{
    /// <summary>The tag by which the engine shows an information record in the host at once.</summary>
    private static readonly string[] HostTag = ["PSHOST"];

    public void WriteResult(object result) => cmdlet.WriteObject(result);

    public void WriteError(ErrorRecord error) => cmdlet.WriteError(error);

    public void WriteWarning(string message) => cmdlet.WriteWarning(message);

    public void WriteVerbose(string message) => cmdlet.WriteVerbose(message);

    public void WriteProgress(ProgressRecord progress) => cmdlet.WriteProgress(progress);

    public void Show(string message) => cmdlet.WriteInformation(new HostInformationMessage { Message = message }, HostTag);

    public bool ShouldProcess(string target, string action) => cmdlet.ShouldProcess(target, action);

    public bool ShouldContinue(string query, string caption) => cmdlet.ShouldContinue(query, caption);

    public T Ask<T>(Func<PSCmdlet, T> question) => question(cmdlet);
}
