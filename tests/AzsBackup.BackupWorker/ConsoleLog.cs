using AzsBackup.Engine.Running;

namespace AzsBackup.BackupWorker;

/// <summary>Says warnings on the output, a line each.</summary>
internal sealed class ConsoleLog : IRunLog
{
    public void Verbose(string message)
    {
    }

    public void Warning(string message) => Console.WriteLine($"warning {message}");

    public void Progress(TransferProgress progress)
    {
    }
}
