using System.Management.Automation;
using AzsBackup.Model;

namespace AzsBackup.Pipeline;

/// <summary>
/// The base of every command that waits for something. A command resolves what needs the session (paths, credentials,
/// preferences) in <see cref="Prepare"/>, on the pipeline thread, and does its work in the asynchronous methods, which speak to
/// PowerShell through <see cref="CommandOutput"/> only. An <see cref="AzsException"/> that leaves one of those ends the
/// command with an error; work for one of several items belongs into <see cref="CommandOutput.TryItemAsync"/>.
/// <para>
/// Ctrl+C, a reader downstream that has had enough, and <c>-ErrorAction Stop</c> all cancel the token; then the work is
/// awaited, so it can clean up, and the pipeline ends. Stopping is never an error record.
/// </para>
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    // The engine has a stop token of its own (PSCmdlet.PipelineStopToken) only from 7.6; our floor is 7.4.
    private readonly CancellationTokenSource _stop = new();

    /// <summary>
    /// Called on the pipeline thread for every input object, before <see cref="ProcessAsync"/>. An <see cref="AzsException"/>
    /// thrown here is reported for this object, and the next one is taken.
    /// </summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>The work before any input.</summary>
    protected virtual Task BeginAsync(CommandOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The work for one input object; once, if the command takes none from the pipeline.</summary>
    protected virtual Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The work after all input.</summary>
    protected virtual Task EndAsync(CommandOutput output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Work(BeginAsync);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        try
        {
            Prepare();
        }
        catch (AzsException failure)
        {
            WriteError(ErrorRecords.From(failure));
            return;
        }

        Work(ProcessAsync);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Work(EndAsync);

    /// <summary>Only cancels: whoever stops us waits for the pipeline thread, and that one waits for the work.</summary>
    protected sealed override void StopProcessing()
    {
        try
        {
            // Not Cancel(): it would run the work's continuations here and now, on the thread of whoever stops us.
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The command ended in this very moment: there is nothing left to stop.
        }
    }

    /// <summary>Releases what the command holds. The engine calls it in every case, also where <see cref="EndAsync"/> is not.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stop.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private void Work(Func<CommandOutput, CancellationToken, Task> work)
    {
        try
        {
            new PipelinePump(new CmdletSink(this), new CommandOutput(TimeProvider.System), _stop).Run(work);
        }
        catch (AzsException failure)
        {
            ThrowTerminatingError(ErrorRecords.From(failure));
        }
    }
}
