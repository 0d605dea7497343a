using System.Management.Automation;
using AzsBackup.Model;

namespace AzsBackup.Pipeline;

/// <summary>Collects a command's output in the streams of a job.</summary>
internal sealed class JobSink(Job job) : ICommandSink
{
    public void WriteResult(object result) => job.Output.Add(PSObject.AsPSObject(result));

    public void WriteError(ErrorRecord error) => job.Error.Add(error);

    public void WriteWarning(string message) => job.Warning.Add(new WarningRecord(message));

    public void WriteVerbose(string message) => job.Verbose.Add(new VerboseRecord(message));

    public void WriteProgress(ProgressRecord progress) => job.Progress.Add(progress);

    public void Show(string message) =>
        job.Information.Add(new InformationRecord(new HostInformationMessage { Message = message }, job.Command));

    /// <summary>Yes: whoever started the job was asked for all of it.</summary>
    public bool ShouldProcess(string target, string action) => true;

    public bool ShouldContinue(string query, string caption) => throw CannotAsk(query);

    public T Ask<T>(Func<PSCmdlet, T> question) => throw CannotAsk("It needs something of the session it was started in.");

    private AzsException CannotAsk(string why) => new(
        AzsErrorKind.InvalidInput,
        "JobCannotAsk",
        $"The job '{job.Name}' can't ask: {why}",
        "Run the command without -AsJob, or connect with credentials of its own instead of -FromAzContext.",
        job.Name);
}
