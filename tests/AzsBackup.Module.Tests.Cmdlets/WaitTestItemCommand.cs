using System.Management.Automation;
using AzsBackup.Pipeline;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Works until it is stopped, then cleans up asynchronously, as a backup deletes its snapshots.</summary>
[Cmdlet(VerbsLifecycle.Wait, "TestItem", SupportsShouldProcess = true)]
public sealed class WaitTestItemCommand : JobCmdlet
{
    [Parameter(Mandatory = true)]
    [AllowEmptyCollection]
    public IList<string> Diary { get; set; } = [];

    /// <summary>Set when the work has begun.</summary>
    [Parameter(Mandatory = true)]
    public ManualResetEventSlim Started { get; set; } = new();

    /// <summary>The cleaning up waits for this, to prove that somebody waits for the cleaning up.</summary>
    [Parameter]
    public SemaphoreSlim? CleanUp { get; set; }

    /// <summary>Stops in the midst of a result nobody takes, not in the midst of work.</summary>
    [Parameter]
    public SwitchParameter Flood { get; set; }

    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        try
        {
            Started.Set();
            while (Flood) await output.WriteAsync(1, cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            output.Log.Verbose("cleaning up");
            if (CleanUp is not null) await CleanUp.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            lock (Diary) Diary.Add("cleaned up");
        }
    }
}
