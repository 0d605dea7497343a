using AzsBackup.Engine.Running;

namespace AzsBackup.Pipeline;

/// <summary>The engine's log, as PowerShell's verbose, warning and progress streams.</summary>
internal sealed class CmdletRunLog(CommandOutput output) : IRunLog
{
    public void Verbose(string message) => output.Post(sink => sink.WriteVerbose(message));

    public void Warning(string message) => output.Post(sink => sink.WriteWarning(message));

    public void Progress(TransferProgress progress)
    {
        if (output.Board.Update(progress)) output.Post(sink => Show(progress.Subject, sink));
    }

    private void Show(string subject, ICommandSink sink)
    {
        if (output.Board.Take(subject) is { } record) sink.WriteProgress(record);
    }
}
