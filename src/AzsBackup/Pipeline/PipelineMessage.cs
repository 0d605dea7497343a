namespace AzsBackup.Pipeline;

/// <summary>An item nobody waits for: a verbose line, a warning, the news that a transfer has moved on.</summary>
internal sealed class PipelineMessage(Action<ICommandSink> deliver) : PipelineItem
{
    public override void Deliver(ICommandSink sink) => deliver(sink);

    public override void Abandon()
    {
    }
}
