using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace AzsBackup.Pipeline;

/// <summary>
/// Runs asynchronous work and serves its output on the calling thread, the only one that may talk to PowerShell. This is the
/// one place where a thread waits for asynchronous work.
/// </summary>
/// <param name="sink">Where the output goes.</param>
/// <param name="output">What the work is given.</param>
/// <param name="stop">Cancelled from outside to stop, and from here when the pipeline will take no more.</param>
internal sealed class PipelinePump(ICommandSink sink, CommandOutput output, CancellationTokenSource stop)
{
    /// <summary>
    /// Returns when the work has ended, its cleaning up included, whatever happens meanwhile.
    /// </summary>
    /// <exception cref="PipelineStoppedException">The command was stopped.</exception>
    public void Run(Func<CommandOutput, CancellationToken, Task> work)
    {
        // Task.Run: the work must never meet a synchronization context that some script put on this thread.
        var worker = Task.Run(() => WorkAsync(work));
        var broken = Drain();

        // The last item was sent after the work ended, so this does not wait; it hands on what the work threw.
        var result = worker.GetAwaiter().GetResult();
        broken?.Throw();
        if (stop.IsCancellationRequested) throw new PipelineStoppedException();
        foreach (var record in output.Board.Clear()) sink.WriteProgress(record);
        result?.Throw();
    }

    private async Task<ExceptionDispatchInfo?> WorkAsync(Func<CommandOutput, CancellationToken, Task> work)
    {
        CommandOutput.Current = output;
        ExceptionDispatchInfo? failure = null;
        try
        {
            await work(output, stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }

        await output.FinishAsync().ConfigureAwait(false);
        return failure;
    }

    private ExceptionDispatchInfo? Drain()
    {
        ExceptionDispatchInfo? broken = null;
        for (var item = Next(); item is not EndOfWork; item = Next())
        {
            if (stop.IsCancellationRequested)
            {
                item.Abandon();
                continue;
            }

            try
            {
                item.Deliver(sink);
            }
            catch (Exception exception)
            {
                // A stop by somebody downstream (Select-Object -First) or -ErrorAction Stop: kept untouched for after the work.
                broken = ExceptionDispatchInfo.Capture(exception);
                _ = stop.CancelAsync();
            }
        }

        return broken;
    }

    private PipelineItem Next() => output.Items.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
