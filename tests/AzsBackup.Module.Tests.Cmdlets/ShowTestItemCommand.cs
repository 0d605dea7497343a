using System.Management.Automation;
using AzsBackup.Engine.Running;
using AzsBackup.Pipeline;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Reports the progress of two transfers, far more often than anybody could look at it.</summary>
[Cmdlet(VerbsCommon.Show, "TestItem")]
public sealed class ShowTestItemCommand : AsyncCmdlet
{
    [Parameter]
    public int Reports { get; set; } = 10_000;

    /// <summary>Leaves out the last word on the second transfer.</summary>
    [Parameter]
    public SwitchParameter Unfinished { get; set; }

    protected override Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        const long Total = 3L << 30;
        for (var report = 0; report <= Reports; report++)
        {
            foreach (var subject in (string[])["web01", "db01"])
            {
                var elapsed = TimeSpan.FromSeconds(10);
                output.Log.Progress(new TransferProgress(subject, "Backing up", Total * report / Reports, Total, elapsed));
            }
        }

        output.Log.Progress(new TransferProgress("web01", "Backing up", Total, Total, TimeSpan.FromSeconds(10), Finished: true));
        if (!Unfinished) output.Log.Progress(new TransferProgress("db01", "Backing up", Total, Total, TimeSpan.FromSeconds(10), Finished: true));
        return Task.CompletedTask;
    }
}
