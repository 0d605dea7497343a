namespace AzsBackup.Pipeline;

/// <summary>The last item of a worker. It goes through the channel like all others, so everything sent before it arrives first.</summary>
internal sealed class EndOfWork : PipelineItem
{
    public override void Deliver(ICommandSink sink)
    {
    }

    public override void Abandon()
    {
    }
}
