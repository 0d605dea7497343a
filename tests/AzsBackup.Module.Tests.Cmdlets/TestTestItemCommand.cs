using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Pipeline;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Fails for items called "bad", ends for items called "fatal", crashes for items called "bug", and emits the others.</summary>
[Cmdlet(VerbsDiagnostic.Test, "TestItem")]
public sealed class TestTestItemCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string Item { get; set; } = "";

    [Parameter]
    public AzsErrorKind Kind { get; set; }

    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (Item == "fatal") throw Failure();
        if (Item == "bug") throw new InvalidOperationException("a bug");
        await output.TryItemAsync(
            Item,
            async token =>
            {
                await Task.Yield();
                if (Item == "bad") throw Failure();
                await output.WriteAsync(Item, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private AzsException Failure() => new(Kind, "TestFailed", "The test failed", "Try another item.", "the item's id");
}
