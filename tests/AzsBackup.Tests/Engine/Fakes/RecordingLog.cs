using System.Collections.Concurrent;
using AzsBackup.Engine.Running;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>A log that keeps what it is told.</summary>
internal sealed class RecordingLog : IRunLog
{
    public ConcurrentQueue<string> Warnings { get; } = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<TransferProgress> Steps { get; } = new();

    public void Verbose(string message) => Lines.Enqueue(message);

    public void Warning(string message) => Warnings.Enqueue(message);

    public void Progress(TransferProgress progress) => Steps.Enqueue(progress);
}
