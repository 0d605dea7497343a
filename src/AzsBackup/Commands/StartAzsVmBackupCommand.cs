using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Jobs;
using AzsBackup.Engine.Policies;
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
    private QuiescenceChoice? _choice;
    private Shard? _shard;

    [Parameter(HelpMessage = "The stack the virtual machines run on: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(Mandatory = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(HelpMessage = "The consistency of the disks with each other and with what runs on them.")]
    public AzsConsistency Consistency { get; set; } = AzsConsistency.Crash;

    [Parameter(HelpMessage = "For -Consistency Application: makes a guest quiet; gets the virtual machine as its argument.")]
    public ScriptBlock? PreSnapshot { get; set; }

    [Parameter(HelpMessage = "For -Consistency Application: lets the guest go on; run whatever happened.")]
    public ScriptBlock? PostSnapshot { get; set; }

    [Parameter(HelpMessage = "For -Consistency Application: how many seconds a guest may stay quiet.")]
    [ValidateRange(1, 3600)]
    public int QuiesceLimit { get; set; } = 60;

    [Parameter(HelpMessage = "Make the snapshots of all the virtual machines together, or of none.")]
    public SwitchParameter ConsistencyGroup { get; set; }

    [Parameter(HelpMessage = "Only these disks: 'os', LUNs or names.")]
    public string[] IncludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "All disks but these: 'os', LUNs or names.")]
    public string[] ExcludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "The best way to know what to read; chosen by what the stack is known to be good for if left out.")]
    public AzsChangeSource? ChangeSource { get; set; }

    [Parameter(HelpMessage = "Accept a vault that lies on the very stack that is backed up, and would be lost with it.")]
    public SwitchParameter AllowSameStack { get; set; }

    [Parameter(HelpMessage = "Only this share of the virtual machines, for one of several workers: i/n, for example 2/3.")]
    public string? Shard { get; set; }

    private protected override AzsStackConnection? ChosenStack => Stack;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _shard ??= Engine.Policies.Shard.Parse(Shard);
        base.Prepare();
        _choice ??= QuiescenceChoice.From(Consistency, PreSnapshot, PostSnapshot, TimeSpan.FromSeconds(QuiesceLimit), GetVariableValue);
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (_choice is null) return;
        if (!AllowSameStack) StackBoundary.ThrowIfHolds(Connection.Connection, Vault.Path);
        using var backup = Engines.Backup(Connection, VaultSessions.Resolve(Vault), Vault, output.Log);
        var book = Engines.JobBook(Connection, VaultSessions.Resolve(Vault), output.Log);
        await using var _ = book.ConfigureAwait(false);
        var quiescence = _choice.Make(Connection, output.Log);
        if (!ConsistencyGroup)
        {
            await ForEachVmAsync(
                output, (vm, inner, cancelled) => BackUpAsync(book, backup, quiescence, [vm], inner, cancelled), cancellationToken).ConfigureAwait(false);
            return;
        }

        var vms = await ListVmsAsync(output, cancellationToken).ConfigureAwait(false);
        if (vms.Count > 0) await BackUpAsync(book, backup, quiescence, vms, output, cancellationToken).ConfigureAwait(false);
    }

    private protected override bool Takes(ResourceId vm) => _shard?.Contains(vm) ?? true;

    private async Task BackUpAsync(
        VmJobBook book, VmBackup backup, IQuiescence quiescence, IReadOnlyList<ResourceId> vms, CommandOutput output, CancellationToken cancellationToken)
    {
        var options = new VmBackupOptions
        {
            ChangeSource = ChangeSource,
            Disks = new DiskSelection { Include = IncludeDisk, Exclude = ExcludeDisk },
        };
        var plans = new List<VmBackupPlan>();
        foreach (var vm in vms)
        {
            var plan = await backup.PlanAsync(vm, options, cancellationToken).ConfigureAwait(false);
            var action = $"Back up {DiskCount(plan.Disks.Count)} to {Vault.Path}";
            if (await output.ShouldProcessAsync(vm.ToString(), action, cancellationToken).ConfigureAwait(false)) plans.Add(plan);
        }

        if (plans.Count == 0) return;
        try
        {
            await book.RunAsync(backup, plans, quiescence, (outcome, cancelled) => TellAsync(outcome, output, cancelled), cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException busy) when (busy.ErrorId == "VmBackupRunning" && !ConsistencyGroup)
        {
            output.Log.Warning(busy.Message);
        }
    }

    private static async Task TellAsync(VmBackupOutcome outcome, CommandOutput output, CancellationToken cancellationToken)
    {
        if (outcome.Point is { } point) await output.WriteAsync(point, cancellationToken).ConfigureAwait(false);
        if (outcome.Failure is { } failure) await output.WriteErrorAsync(failure, outcome.Plan.Vm.Id.ToString(), cancellationToken).ConfigureAwait(false);
    }
}
