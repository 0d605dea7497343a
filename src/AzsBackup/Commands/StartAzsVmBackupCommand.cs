using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Backs VMs up: one recovery point each, emitted as soon as it is published.</summary>
[Cmdlet(VerbsLifecycle.Start, "AzsVmBackup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsVmRecoveryPoint))]
public sealed class StartAzsVmBackupCommand : VmCmdlet
{
    [Parameter(HelpMessage = "The stack the virtual machines run on: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(Mandatory = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(HelpMessage = "The consistency of the disks with each other and with what runs on them.")]
    public AzsConsistency Consistency { get; set; } = AzsConsistency.Crash;

    [Parameter(HelpMessage = "Only these disks: 'os', LUNs or names.")]
    public string[] IncludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "All disks but these: 'os', LUNs or names.")]
    public string[] ExcludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "The best way to know what to read; chosen by what the stack is known to be good for if left out.")]
    public AzsChangeSource? ChangeSource { get; set; }

    [Parameter(HelpMessage = "Accept a vault that lies on the very stack that is backed up, and would be lost with it.")]
    public SwitchParameter AllowSameStack { get; set; }

    private protected override AzsStackConnection? ChosenStack => Stack;

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (!AllowSameStack) StackBoundary.ThrowIfHolds(Connection.Connection, Vault.Path);
        using var backup = Engines.Backup(Connection, VaultSessions.Resolve(Vault), Vault, output.Log);
        await ForEachVmAsync(output, (vm, inner, cancelled) => BackUpAsync(backup, vm, inner, cancelled), cancellationToken).ConfigureAwait(false);
    }

    private async Task BackUpAsync(VmBackup backup, ResourceId vm, CommandOutput output, CancellationToken cancellationToken)
    {
        var options = new VmBackupOptions
        {
            Consistency = Consistency,
            ChangeSource = ChangeSource,
            Disks = new DiskSelection { Include = IncludeDisk, Exclude = ExcludeDisk },
        };
        var plan = await backup.PlanAsync(vm, options, cancellationToken).ConfigureAwait(false);
        var action = $"Back up {DiskCount(plan.Disks.Count)} to {Vault.Path}";
        if (!await output.ShouldProcessAsync(vm.ToString(), action, cancellationToken).ConfigureAwait(false)) return;
        var point = await backup.RunAsync(plan, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(point, cancellationToken).ConfigureAwait(false);
    }
}
