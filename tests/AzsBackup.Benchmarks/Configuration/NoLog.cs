using AzsBackup.Engine.Running;

namespace AzsBackup.Benchmarks.Configuration;

/// <summary>Nobody listens.</summary>
internal sealed class NoLog : IRunLog
{
    public void Verbose(string message)
    {
    }

    public void Warning(string message)
    {
    }

    public void Progress(TransferProgress progress)
    {
    }
}
