using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Lists the replicas a stack holds. Asks that stack only, so the source may be gone.</summary>
[Cmdlet(VerbsCommon.Get, "AzsStackReplica")]
[OutputType(typeof(AzsStackReplica))]
public sealed class GetAzsStackReplicaCommand : AsyncCmdlet
{
    private IStack _stack = null!;

    [Parameter(ValueFromPipeline = true, HelpMessage = "The stack that holds the replicas: a connection or its name; the default one if left out.")]
    [Alias("Destination")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(Position = 0, HelpMessage = "Only replicas of VMs of these names; wildcards are allowed.")]
    [Alias("Name")]
    [SupportsWildcards]
    public string[] VmName { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Prepare() => _stack = StackSessions.OfProcess.Resolve(Stack);

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var patterns = Array.ConvertAll(VmName, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        await foreach (var replica in Engines.Replicas(_stack).ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Array.Exists(patterns, pattern => pattern.IsMatch(replica.VmName)))
            {
                await output.WriteAsync(replica, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
