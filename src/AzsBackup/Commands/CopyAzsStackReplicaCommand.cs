using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Replication;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Copies VMs' disks and configuration to another stack, and brings earlier copies up to date.</summary>
[Cmdlet(VerbsCommon.Copy, "AzsStackReplica", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsStackReplica))]
public sealed class CopyAzsStackReplicaCommand : VmCmdlet
{
    private IStack _destination = null!;
    private ReplicaCycle _cycle = null!;

    [Parameter(HelpMessage = "The stack the virtual machines run on: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Source { get; set; }

    [Parameter(Mandatory = true, HelpMessage = "The stack to keep the replica on: a connection or its name.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection Destination { get; set; } = null!;

    [Parameter(HelpMessage = "The resource group on the destination that holds the replicas' storage account; made if missing.")]
    public string DestinationResourceGroupName { get; set; } = new ReplicaOptions().DestinationResourceGroupName;

    private protected override AzsStackConnection? ChosenStack => Source;

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        _destination = StackSessions.OfProcess.Resolve(Destination);
        _cycle = Engines.Replication(Connection, _destination, output.Log);
        await ForEachVmAsync(output, CopyAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyAsync(ResourceId vm, CommandOutput output, CancellationToken cancellationToken)
    {
        var options = new ReplicaOptions { DestinationResourceGroupName = DestinationResourceGroupName };
        var plan = await _cycle.PlanAsync(vm, options, cancellationToken).ConfigureAwait(false);
        var action = $"Copy {DiskCount(plan.Disks.Count)} to {_destination.HostName}, resource group {DestinationResourceGroupName}";
        if (!await output.ShouldProcessAsync(vm.ToString(), action, cancellationToken).ConfigureAwait(false)) return;
        var replica = await _cycle.RunAsync(plan, options, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(replica, cancellationToken).ConfigureAwait(false);
    }
}
