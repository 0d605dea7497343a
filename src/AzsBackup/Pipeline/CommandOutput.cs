using System.Management.Automation;
using System.Threading.Channels;
using AzsBackup.Engine.Running;
using AzsBackup.Model;

namespace AzsBackup.Pipeline;

/// <summary>
/// All that asynchronous work may use of PowerShell. Safe for concurrent use by any threads; the real calls happen on the
/// pipeline thread, in the order sent. Once the command is being stopped, what waits here is cancelled.
/// </summary>
public sealed class CommandOutput
{
    private const int Capacity = 64;

    private static readonly AsyncLocal<CommandOutput?> CurrentOutput = new();

    private readonly Channel<PipelineItem> _items =
        Channel.CreateBounded<PipelineItem>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    internal CommandOutput(TimeProvider time)
    {
        Board = new ProgressBoard(time);
        Log = new CmdletRunLog(this);
    }

    /// <summary>The log to hand to the engine: verbose lines, warnings and progress; its calls return at once.</summary>
    public IRunLog Log { get; }

    /// <summary>The output of the command that the calling code works for; null outside the work of a command.</summary>
    internal static CommandOutput? Current
    {
        get => CurrentOutput.Value;
        set => CurrentOutput.Value = value;
    }

    internal ProgressBoard Board { get; }

    internal ChannelReader<PipelineItem> Items => _items.Reader;

    /// <summary>Emits one object and waits until the pipeline has taken it.</summary>
    public Task WriteAsync(object result, CancellationToken cancellationToken) =>
        SendAsync(sink => sink.WriteResult(result), cancellationToken);

    /// <summary>Reports that one item failed; the command goes on.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="target">The user's object, or its id.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public Task WriteErrorAsync(AzsException failure, object? target, CancellationToken cancellationToken) =>
        SendAsync(sink => sink.WriteError(ErrorRecords.From(failure, target)), cancellationToken);

    /// <summary>Shows a line to the person at the prompt, whatever the preferences.</summary>
    public Task ShowAsync(string message, CancellationToken cancellationToken) =>
        SendAsync(sink => sink.Show(message), cancellationToken);

    /// <summary>Asks whether to do this: false under <c>-WhatIf</c> or when the user says no.</summary>
    /// <param name="target">What it is done to, as the user calls it.</param>
    /// <param name="action">What is done, for example <c>Back up 3 disks (120 GiB)</c>.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public Task<bool> ShouldProcessAsync(string target, string action, CancellationToken cancellationToken) =>
        RequestAsync(new PipelineRequest<bool>(sink => sink.ShouldProcess(target, action)), cancellationToken);

    /// <summary>Asks a yes-or-no question that <c>-Confirm:$false</c> does not answer.</summary>
    public Task<bool> ShouldContinueAsync(string query, string caption, CancellationToken cancellationToken) =>
        RequestAsync(new PipelineRequest<bool>(sink => sink.ShouldContinue(query, caption)), cancellationToken);

    /// <summary>
    /// Runs a question that needs the session (a script, a variable, the host) on the pipeline thread. What it throws is thrown
    /// here, but for a stopped pipeline. In a job there is no session to ask: <see cref="AzsException"/>.
    /// </summary>
    public Task<T> AskAsync<T>(Func<PSCmdlet, T> question, CancellationToken cancellationToken) =>
        RequestAsync(new PipelineRequest<T>(sink => sink.Ask(question), failureIsAnAnswer: true), cancellationToken);

    /// <summary>
    /// Does the work for one item. Its failure is reported with the item as target, and the caller goes on with the next;
    /// cancellation and bugs fly on.
    /// </summary>
    /// <returns>Whether it went well.</returns>
    public async Task<bool> TryItemAsync(object target, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AzsException failure)
        {
            await WriteErrorAsync(failure, target, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    internal Task FinishAsync() => _items.Writer.WriteAsync(new EndOfWork()).AsTask();

    /// <summary>
    /// Queues an item nobody waits for. If the pipeline is behind (somebody reads a prompt), the write stands in line in the
    /// channel: the order is kept, no line is lost, and the caller is not held up.
    /// </summary>
    internal void Post(Action<ICommandSink> deliver)
    {
        var message = new PipelineMessage(deliver);
        if (!_items.Writer.TryWrite(message)) _ = _items.Writer.WriteAsync(message).AsTask();
    }

    private Task<bool> SendAsync(Action<ICommandSink> deliver, CancellationToken cancellationToken) =>
        RequestAsync(new PipelineRequest<bool>(sink => Done(deliver, sink)), cancellationToken);

    private async Task<T> RequestAsync<T>(PipelineRequest<T> request, CancellationToken cancellationToken)
    {
        await _items.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        return await request.Reply.ConfigureAwait(false);
    }

    private static bool Done(Action<ICommandSink> deliver, ICommandSink sink)
    {
        deliver(sink);
        return true;
    }
}
