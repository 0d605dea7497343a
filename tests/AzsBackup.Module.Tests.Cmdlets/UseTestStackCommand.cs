using System.Management.Automation;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Uses a connection as a real command does: chosen or default, then a request.</summary>
[Cmdlet(VerbsOther.Use, "TestStack")]
public sealed class UseTestStackCommand : JobCmdlet
{
    [Parameter]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var stack = StackSessions.OfProcess.Resolve(Stack);
        var subscription = await stack.Resources.GetAsync(
            ResourceId.Parse($"/subscriptions/{stack.Connection.SubscriptionId}"), cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(subscription.Id.SubscriptionId, cancellationToken).ConfigureAwait(false);
    }
}
