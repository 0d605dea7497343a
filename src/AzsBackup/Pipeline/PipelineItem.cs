namespace AzsBackup.Pipeline;

/// <summary>Something a worker hands to the thread that may talk to PowerShell.</summary>
internal abstract class PipelineItem
{
    /// <summary>Does what is asked. What it throws ends the command.</summary>
    public abstract void Deliver(ICommandSink sink);

    /// <summary>Called instead of <see cref="Deliver"/> once the command is being stopped: nobody may be left waiting.</summary>
    public abstract void Abandon();
}
