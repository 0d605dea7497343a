using System.Management.Automation;

namespace AzsBackup.Pipeline;

/// <summary>An item whose sender waits: a result (so that a slow reader slows the work), an error, a question.</summary>
/// <param name="answer">What to do on the pipeline thread.</param>
/// <param name="failureIsAnAnswer">
/// Whether what <paramref name="answer"/> throws goes to the sender, as with a script that was asked to run, and does not end
/// the command. A stopped pipeline ends it in any case.
/// </param>
internal sealed class PipelineRequest<T>(Func<ICommandSink, T> answer, bool failureIsAnAnswer = false) : PipelineItem
{
    // Asynchronously: the sender's code must not go on inside SetResult, on the pipeline thread.
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer; cancelled if the command stops first.</summary>
    public Task<T> Reply => _reply.Task;

    public override void Deliver(ICommandSink sink)
    {
        try
        {
            _reply.SetResult(answer(sink));
        }
        catch (Exception failure) when (failureIsAnAnswer && failure is not PipelineStoppedException)
        {
            _reply.SetException(failure);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    public override void Abandon() => _reply.TrySetCanceled();
}
