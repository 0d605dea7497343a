using System.Management.Automation;
using AzsBackup.Pipeline;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Emits numbers one by one and says before each what it is about to do.</summary>
[Cmdlet(VerbsCommunications.Send, "TestItem")]
public sealed class SendTestItemCommand : AsyncCmdlet
{
    [Parameter]
    public int Count { get; set; } = 3;

    /// <summary>Written to as the work goes on: how far it came, and that it cleaned up.</summary>
    [Parameter(Mandatory = true)]
    [AllowEmptyCollection]
    public IList<string> Diary { get; set; } = [];

    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        try
        {
            for (var number = 1; number <= Count; number++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                output.Log.Verbose($"before {number}");
                Note($"sending {number}");
                await output.WriteAsync(number, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.Yield();
            Note("cleaned up");
        }
    }

    protected override void Dispose(bool disposing)
    {
        Note("disposed");
        base.Dispose(disposing);
    }

    private void Note(string text)
    {
        lock (Diary) Diary.Add(text);
    }
}
