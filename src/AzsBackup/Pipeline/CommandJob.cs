using System.Management.Automation;
using AzsBackup.Model;

namespace AzsBackup.Pipeline;

/// <summary>A command's work in the background of this process: <c>Receive-</c>, <c>Wait-</c>, <c>Stop-</c> and <c>Remove-Job</c> take it.</summary>
internal sealed class CommandJob : Job
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<CommandOutput, CancellationToken, Task> _work;

    public CommandJob(string command, Func<CommandOutput, CancellationToken, Task> work)
        : base(command)
    {
        _work = work;
        PSJobTypeName = "AzsBackupJob";
    }

    public override string Location => "localhost";

    public override string StatusMessage => "";

    public override bool HasMoreData =>
        Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0 || Progress.Count > 0 || Information.Count > 0;

    /// <summary>Starts the work and returns.</summary>
    public void Start()
    {
        SetJobState(JobState.Running);

        // A thread of its own: it waits for as long as the job runs.
        new Thread(Run) { IsBackground = true, Name = $"AzsBackup job {Id}" }.Start();
    }

    /// <summary>Cancels, and waits until the work has cleaned up.</summary>
    public override void StopJob()
    {
        if (IsFinishedState(JobStateInfo.State)) return;
        _ = _stop.CancelAsync();
        Finished.WaitOne();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Run()
    {
        var state = JobState.Completed;
        try
        {
            new PipelinePump(new JobSink(this), new CommandOutput(TimeProvider.System), _stop).Run(_work);
        }
        catch (PipelineStoppedException)
        {
            state = JobState.Stopped;
        }
        catch (AzsException failure)
        {
            Error.Add(ErrorRecords.From(failure));
            state = JobState.Failed;
        }
        catch (Exception bug)
        {
            // On a thread of our own nothing above would see it: unreported, it would end the process.
            Error.Add(new ErrorRecord(bug, bug.GetType().FullName, ErrorCategory.InvalidOperation, null));
            state = JobState.Failed;
        }

        SetJobState(state);
    }

    private static bool IsFinishedState(JobState state) => state is JobState.Completed or JobState.Failed or JobState.Stopped;
}
