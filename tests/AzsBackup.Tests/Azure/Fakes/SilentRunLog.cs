using AzsBackup.Engine.Running;

namespace AzsBackup.Tests.Azure.Fakes;

/// <summary>Hears everything and says nothing.</summary>
public sealed class SilentRunLog : IRunLog
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
