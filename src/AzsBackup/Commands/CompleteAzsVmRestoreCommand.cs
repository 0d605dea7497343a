using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Ends restores in place: deletes the disks they replaced, or gives them back.</summary>
[Cmdlet(VerbsLifecycle.Complete, "AzsVmRestore", DefaultParameterSetName = ByRestore, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AzsVmRestoreCompletion))]
public sealed class CompleteAzsVmRestoreCommand : JobCmdlet
{
    private const string ByRestore = "Restore";
    private const string ByName = "Name";

    private readonly List<(string VmId, IReadOnlyList<AzsRestoredDisk> Disks)> _vms = [];
    private IStack _target = null!;

    [Parameter(ParameterSetName = ByRestore, Mandatory = true, ValueFromPipeline = true, HelpMessage = "A restore in place, from Restore-AzsVmBackup -InPlace.")]
    public AzsVmRestore Restore { get; set; } = null!;

    [Parameter(ParameterSetName = ByName, Mandatory = true, HelpMessage = "The resource group of the virtual machine.")]
    public string ResourceGroupName { get; set; } = "";

    [Parameter(ParameterSetName = ByName, Mandatory = true, HelpMessage = "The name of the virtual machine.")]
    public string VmName { get; set; } = "";

    [Parameter(ParameterSetName = ByName, HelpMessage = "The subscription; the connection's own by default.")]
    public string? SubscriptionId { get; set; }

    [Parameter(HelpMessage = "The stack the virtual machine is on: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(HelpMessage = "Give the virtual machine its old disks back, and delete the restored ones.")]
    public SwitchParameter Undo { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _target = StackSessions.OfProcess.Resolve(Stack);
        if (ParameterSetName == ByName)
        {
            var subscription = SubscriptionId ?? _target.Connection.SubscriptionId;
            _vms.Add((ResourceId.Create(subscription, ResourceGroupName, "Microsoft.Compute/virtualMachines", VmName).ToString(), []));
            return;
        }

        if (Restore.VmId is null || Restore.Disks.All(disk => disk.ReplacedDiskId is null))
        {
            throw new AzsException(AzsErrorKind.InvalidInput, "RestoreNotInPlace", $"The restore of {Restore.VmName} replaced no disks.", "Give a restore that -InPlace made.", Restore.VmId);
        }

        _vms.Add((Restore.VmId, Restore.Disks));
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var (vm, disks) in _vms)
        {
            await output.TryItemAsync(vm, cancelled => CompleteAsync(ResourceId.Parse(vm), disks, output, cancelled), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CompleteAsync(ResourceId vm, IReadOnlyList<AzsRestoredDisk> disks, CommandOutput output, CancellationToken cancellationToken)
    {
        var completion = Engines.Completion(_target, output.Log);
        var replaced = await completion.FindAsync(vm, disks, cancellationToken).ConfigureAwait(false);
        var old = replaced.Select(disk => disk.Place).ToList();
        var action = Undo ? $"Stop it, give it back {string.Join(", ", old)}, and delete the restored disks" : $"Delete its old disks {string.Join(", ", old)}";
        if (!await output.ShouldProcessAsync(vm.ToString(), action, cancellationToken).ConfigureAwait(false)) return;
        if (Undo) await completion.UndoAsync(vm, replaced, cancellationToken).ConfigureAwait(false);
        else await completion.CompleteAsync(replaced, cancellationToken).ConfigureAwait(false);
        var done = new AzsVmRestoreCompletion { VmName = vm.Name, VmId = vm.ToString(), Undone = Undo, OldDisks = old };
        await output.WriteAsync(done, cancellationToken).ConfigureAwait(false);
    }
}
