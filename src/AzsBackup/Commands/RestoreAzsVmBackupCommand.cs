using System.Collections;
using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Restores recovery points: to fixed VHD files, to disks or virtual machines on a stack, or in place.</summary>
[Cmdlet(VerbsData.Restore, "AzsVmBackup", DefaultParameterSetName = ToFiles, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsVmRestore))]
public sealed class RestoreAzsVmBackupCommand : JobCmdlet
{
    private const string ToFiles = "Path";
    private const string ToDisks = "Disks";
    private const string ToVm = "Vm";
    private const string ToOriginal = "InPlace";

    private readonly List<(AzsVmRecoveryPoint Point, string? VmName)> _points = [];
    private string _folder = "";
    private bool? _unmanaged;
    private bool? _joins;
    private IStack? _target;

    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "What to restore, from Get-AzsVmBackup or Start-AzsVmBackup.")]
    public AzsVmRecoveryPoint RecoveryPoint { get; set; } = null!;

    [Parameter(HelpMessage = "The opened vault, where it is not the one the recovery point was listed from.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(ParameterSetName = ToFiles, Mandatory = true, Position = 0, HelpMessage = "The folder for the VHD files; made if missing.")]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "The stack to restore to: a connection or its name; the default one if left out.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "The stack to restore to: a connection or its name; the default one if left out.")]
    [Parameter(ParameterSetName = ToOriginal, HelpMessage = "The stack the virtual machine is on: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(ParameterSetName = ToDisks, Mandatory = true, HelpMessage = "The resource group to restore to; made if missing.")]
    [Parameter(ParameterSetName = ToVm, Mandatory = true, HelpMessage = "The resource group to restore to; made if missing.")]
    public string ResourceGroupName { get; set; } = "";

    [Parameter(ParameterSetName = ToDisks, Mandatory = true, HelpMessage = "Make the disks, and no virtual machine.")]
    public SwitchParameter DisksOnly { get; set; }

    [Parameter(ParameterSetName = ToVm, Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The name of the new virtual machine; the one it had, if recovery points come through the pipeline.")]
    public string? VmName { get; set; }

    [Parameter(ParameterSetName = ToOriginal, Mandatory = true, HelpMessage = "Give the virtual machine itself the restored disks; its own are kept until Complete-AzsVmRestore.")]
    public SwitchParameter InPlace { get; set; }

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "The subscription to restore to; the connection's own by default.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "The subscription to restore to; the connection's own by default.")]
    public string? SubscriptionId { get; set; }

    [Parameter(ParameterSetName = ToVm, HelpMessage = "The size of the new virtual machine; the one it had if left out.")]
    public string? VmSize { get; set; }

    [Parameter(ParameterSetName = ToVm, HelpMessage = "The id of the subnet for all its network interfaces.")]
    public string? SubnetId { get; set; }

    [Parameter(ParameterSetName = ToVm, HelpMessage = "From networks or subnets ('network/subnet', a name or an id) to ids of those on the stack.")]
    public Hashtable? NetworkMap { get; set; }

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "From names as they were to names on the stack.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "From names as they were to names on the stack.")]
    public Hashtable? NameMap { get; set; }

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "What goes before the names of what is made.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "What goes before the names of the disks and network resources that are made.")]
    public string NamePrefix { get; set; } = "";

    [Parameter(ParameterSetName = ToVm, HelpMessage = "Take another private address where a static one is taken or does not fit.")]
    public SwitchParameter NewAddress { get; set; }

    [Parameter(ParameterSetName = ToVm, HelpMessage = "Make no public addresses.")]
    public SwitchParameter NoPublicAddress { get; set; }

    [Parameter(ParameterSetName = ToVm, HelpMessage = "Join load balancers even while the original virtual machine is there; -JoinLoadBalancer:$false never joins them.")]
    public SwitchParameter JoinLoadBalancer { get; set; }

    [Parameter(ParameterSetName = ToVm, HelpMessage = "Install no extensions.")]
    public SwitchParameter NoExtension { get; set; }

    [Parameter(ParameterSetName = ToVm, HelpMessage = "Deallocate the virtual machine as soon as it is made.")]
    public SwitchParameter NoStart { get; set; }

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "Make page blobs in a storage account; -Unmanaged:$false makes managed disks of unmanaged ones.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "Make page blobs in a storage account; -Unmanaged:$false makes managed disks of unmanaged ones.")]
    public SwitchParameter Unmanaged { get; set; }

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "The storage account for unmanaged disks; the one they were in if left out.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "The storage account for unmanaged disks; the one they were in if left out.")]
    [Parameter(ParameterSetName = ToOriginal, HelpMessage = "The storage account for unmanaged disks; the one they were in if left out.")]
    public string? StorageAccountName { get; set; }

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "An existing resource group for the account that disks are imported through; a new one for each restore if left out.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "An existing resource group for the account that disks are imported through; a new one for each restore if left out.")]
    [Parameter(ParameterSetName = ToOriginal, HelpMessage = "An existing resource group for the account that disks are imported through; a new one for each restore if left out.")]
    public string? StagingResourceGroupName { get; set; }

    [Parameter(HelpMessage = "Only these disks: 'os', LUNs or names.")]
    public string[] IncludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "All disks but these: 'os', LUNs or names.")]
    public string[] ExcludeDisk { get; set; } = [];

    [Parameter(ParameterSetName = ToFiles, HelpMessage = "Replace files that are there already.")]
    public SwitchParameter Force { get; set; }

    [Parameter(ParameterSetName = ToDisks, HelpMessage = "How many virtual machines are restored at once.")]
    [Parameter(ParameterSetName = ToVm, HelpMessage = "How many virtual machines are restored at once.")]
    [Parameter(ParameterSetName = ToOriginal, HelpMessage = "How many virtual machines are restored at once.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    private DiskSelection Disks => new() { Include = IncludeDisk, Exclude = ExcludeDisk };

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (ParameterSetName == ToFiles) _folder = SessionPath.Resolve(this, Path);
        else _target ??= StackSessions.OfProcess.Resolve(Stack);
        _unmanaged = MyInvocation.BoundParameters.ContainsKey(nameof(Unmanaged)) ? Unmanaged.IsPresent : null;
        _joins = MyInvocation.BoundParameters.ContainsKey(nameof(JoinLoadBalancer)) ? JoinLoadBalancer.IsPresent : null;
        _points.Add((RecoveryPoint, ParameterSetName == ToVm ? VmName : null));
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _target is null ? 1 : ThrottleLimit, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_points, parallel, async (item, cancelled) => await output.TryItemAsync(
            item.Point,
            stop => _target is null ? RestoreFilesAsync(item.Point, output, stop)
                : InPlace ? RestoreInPlaceAsync(item.Point, output, stop)
                : RestoreToStackAsync(item.Point, item.VmName, output, stop),
            cancelled).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private StackRestoreOptions Options() => new()
    {
        Map = StackRestoreChoice.Map(_target!.Connection.SubscriptionId, ResourceGroupName, null, null, null, null),
        Disks = Disks,
        Unmanaged = _unmanaged,
        StorageAccountName = StorageAccountName,
        StagingResourceGroupName = StagingResourceGroupName,
    };

    // Every blocker is an error of its own, with -WhatIf too, which would otherwise say that the restore is possible.
    private static async Task<bool> MayRunAsync(
        AzsVmRecoveryPoint point, StackRestorePlan plan, string action, CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var difference in plan.Differences) output.Log.Warning($"{point}: {difference}");
        foreach (var blocker in plan.Blockers) await output.WriteErrorAsync(blocker, point, cancellationToken).ConfigureAwait(false);
        return plan.Blockers.Count == 0 && await output.ShouldProcessAsync(point.ToString(), action, cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreFilesAsync(AzsVmRecoveryPoint point, CommandOutput output, CancellationToken cancellationToken)
    {
        var restore = Engines.Restore(VaultSessions.Resolve(Vault ?? point.Vault), output.Log);
        var plan = VmRestore.Plan(point, new VmRestoreOptions { Path = _folder, Disks = Disks, Overwrite = Force });
        var action = $"Restore to {string.Join(", ", plan.Disks.Select(disk => disk.File))}";
        if (!await output.ShouldProcessAsync(point.ToString(), action, cancellationToken).ConfigureAwait(false)) return;
        await output.WriteAsync(await restore.RunAsync(plan, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreToStackAsync(AzsVmRecoveryPoint point, string? vmName, CommandOutput output, CancellationToken cancellationToken)
    {
        var restore = Engines.StackRestore(VaultSessions.Resolve(Vault ?? point.Vault), _target!, output.Log);
        var map = StackRestoreChoice.Map(SubscriptionId ?? _target!.Connection.SubscriptionId, ResourceGroupName, vmName, SubnetId, NetworkMap, NameMap) with
        {
            VmSize = VmSize,
            NamePrefix = NamePrefix,
            NewAddresses = NewAddress,
            PublicAddresses = !NoPublicAddress,
            JoinLoadBalancers = _joins,
            Extensions = !NoExtension,
            Start = !NoStart,
        };
        var plan = await restore.PlanAsync(point, Options() with { Map = map, DisksOnly = DisksOnly }, cancellationToken).ConfigureAwait(false);
        if (!await MayRunAsync(point, plan, StackRestoreChoice.Describe(plan), output, cancellationToken).ConfigureAwait(false)) return;
        await output.WriteAsync(await restore.RunAsync(plan, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreInPlaceAsync(AzsVmRecoveryPoint point, CommandOutput output, CancellationToken cancellationToken)
    {
        var restore = Engines.InPlaceRestore(VaultSessions.Resolve(Vault ?? point.Vault), _target!, output.Log);
        var plan = await restore.PlanAsync(point, Options(), cancellationToken).ConfigureAwait(false);
        if (!await MayRunAsync(point, plan.Disks, StackRestoreChoice.Describe(plan), output, cancellationToken).ConfigureAwait(false)) return;
        await output.WriteAsync(await restore.RunAsync(plan, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }
}
