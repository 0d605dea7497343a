using System.Management.Automation;
using AzsBackup.Pipeline;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Asks from its worker before it "removes", and emits what was removed and on which thread the worker went on.</summary>
[Cmdlet(VerbsCommon.Remove, "TestItem", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveTestItemCommand : JobCmdlet
{
    private readonly List<string> _items = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public string Item { get; set; } = "";

    /// <summary>Asks once more, past -Confirm:$false.</summary>
    [Parameter]
    public SwitchParameter Doubly { get; set; }

    protected override void Prepare() => _items.Add(Item);

    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(_items, cancellationToken, async (item, token) =>
        {
            output.Log.Verbose($"looking at {item}");
            if (!await output.ShouldProcessAsync(item, "Remove", token).ConfigureAwait(false)) return;
            if (Doubly && !await output.ShouldContinueAsync($"Really remove {item}?", "Remove", token).ConfigureAwait(false)) return;
            await output.WriteAsync(item, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }
}
