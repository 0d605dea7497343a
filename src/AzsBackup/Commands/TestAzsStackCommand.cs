using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Says what a stack can do, and what the sign-in may do there.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AzsStack", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsStackReadiness))]
public sealed class TestAzsStackCommand : JobCmdlet
{
    private readonly List<IStack> _stacks = [];

    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "A connection or its name; the default one if left out.")]
    [Alias("Name")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(HelpMessage = "Also make an empty disk of 1 GiB with two snapshots on the stack, read them, and delete all three.")]
    public SwitchParameter Probe { get; set; }

    /// <inheritdoc/>
    protected override void Prepare() => _stacks.Add(StackSessions.OfProcess.Resolve(Stack));

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var stack in _stacks.Distinct())
        {
            await output.TryItemAsync(stack.Connection, cancelled => TestAsync(stack, output, cancelled), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TestAsync(IStack stack, CommandOutput output, CancellationToken cancellationToken)
    {
        const string action = "Make an empty disk of 1 GiB with two snapshots, read them, and delete all three";
        var trial = Probe && await output.ShouldProcessAsync(stack.HostName, action, cancellationToken).ConfigureAwait(false);
        await foreach (var row in Engines.Readiness(stack, output.Log).RunAsync(trial, cancellationToken).ConfigureAwait(false))
            await output.WriteAsync(row, cancellationToken).ConfigureAwait(false);
    }
}
