using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Policies;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Runs the backup policies that are due: what a scheduler calls.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AzsVmBackupPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsVmBackupJob))]
public sealed class InvokeAzsVmBackupPolicyCommand : JobCmdlet
{
    private readonly List<(AzsBackupVault Vault, string[] Names)> _wanted = [];
    private Shard? _shard;
    private bool _whatIf;

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The vault that keeps the policies, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Only policies of these names; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    [Parameter(HelpMessage = "Only policies for this stack: a connection or its name; those for any connected one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(HelpMessage = "Run them now, due or not, disabled ones too.")]
    public SwitchParameter Force { get; set; }

    [Parameter(HelpMessage = "Only this share of the virtual machines, for one of several workers: i/n, for example 2/3.")]
    public string? Shard { get; set; }

    [Parameter(HelpMessage = "Say to the operating system's log what ran, failed or was missed.")]
    public SwitchParameter LogEvent { get; set; }

    [Parameter(HelpMessage = "Accept a vault that lies on the very stack that is backed up, and would be lost with it.")]
    public SwitchParameter AllowSameStack { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _whatIf = IsWhatIf;
        _shard = Engine.Policies.Shard.Parse(Shard);
        if (Force && !MyInvocation.BoundParameters.ContainsKey(nameof(Name))) throw ForceNeedsName();
        _wanted.Add((Vault, Name));
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var (vault, names) in _wanted)
        {
            var patterns = Array.ConvertAll(names, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
            var listing = await new PolicyCatalog(VaultSessions.Resolve(vault)).ListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var damage in listing.Damaged) await FailAsync(damage, damage.Target, output, cancellationToken).ConfigureAwait(false);
            foreach (var missing in names.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !listing.Policies.Any(policy => policy.Policy.Key == VmBackupPolicy.KeyOf(name))))
            {
                await FailAsync(NotFound(missing), missing, output, cancellationToken).ConfigureAwait(false);
            }

            foreach (var policy in listing.Policies.Select(stored => stored.Policy).Where(policy => Array.Exists(patterns, pattern => pattern.IsMatch(policy.Name))))
            {
                try
                {
                    await RunAsync(vault, policy, output, cancellationToken).ConfigureAwait(false);
                }
                catch (AzsException failure)
                {
                    await FailAsync(failure, policy.Name, output, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task RunAsync(AzsBackupVault vault, VmBackupPolicy policy, CommandOutput output, CancellationToken cancellationToken)
    {
        if (!policy.Enabled && !Force) return;
        if (FindStack(policy) is not { } stack) return;
        if (!AllowSameStack) StackBoundary.ThrowIfHolds(stack.Connection, vault.Path);
        var opened = VaultSessions.Resolve(vault);
        using var backup = Engines.Backup(stack, opened, vault, output.Log);
        var book = Engines.JobBook(stack, opened, output.Log);
        await using var _ = book.ConfigureAwait(false);
        var runner = new PolicyRunner(stack, opened, backup, book, asked => PolicyScript.Quiesce(asked, stack, output.Log), TimeProvider.System, output.Log);
        if (_whatIf)
        {
            await ShowAsync(runner, policy, output, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!await IsWantedAsync(runner, policy, output, cancellationToken).ConfigureAwait(false)) return;
        var run = await runner.RunAsync(policy, _shard, Force, (job, failure, cancelled) => TellAsync(job, failure, output, cancelled), cancellationToken).ConfigureAwait(false);
        if (run is not null && LogEvent) await EventAsync(run, output, cancellationToken).ConfigureAwait(false);
    }

    // Only what is due is asked about.
    private async Task<bool> IsWantedAsync(PolicyRunner runner, VmBackupPolicy policy, CommandOutput output, CancellationToken cancellationToken) =>
        await runner.IsDueAsync(policy, _shard, Force, cancellationToken).ConfigureAwait(false)
        && await output.ShouldProcessAsync(policy.Name, "Run the backup policy", cancellationToken).ConfigureAwait(false);

    private async Task ShowAsync(PolicyRunner runner, VmBackupPolicy policy, CommandOutput output, CancellationToken cancellationToken)
    {
        var plan = await runner.PlanAsync(policy, _shard, Force, cancellationToken).ConfigureAwait(false);
        var due = plan.Due is { } run ? $"due since {run.Occurrence:yyyy-MM-dd HH:mm} UTC" : "forced";
        foreach (var failure in plan.Failures) await output.WriteErrorAsync(failure, policy.Name, cancellationToken).ConfigureAwait(false);
        foreach (var vm in plan.Vms) await output.ShouldProcessAsync(vm.ToString(), $"Back up by policy '{policy.Name}' ({due})", cancellationToken).ConfigureAwait(false);
        foreach (var point in plan.Removals)
        {
            var name = VmPointDetails.Read(point)?.VmName ?? point.Item;
            await output.ShouldProcessAsync($"{name} {point.CreatedAt:yyyy-MM-dd HH:mm:ss}Z", $"Remove the recovery point in {policy.RemovalDelayDays} days by policy '{policy.Name}'", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(AzsVmBackupJob job, AzsException? failure, CommandOutput output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(job, cancellationToken).ConfigureAwait(false);
        if (failure is not null) await output.WriteErrorAsync(failure, job.VmId ?? job.Policy, cancellationToken).ConfigureAwait(false);
        if (LogEvent && job.State is AzsVmBackupJobState.Failed or AzsVmBackupJobState.Missed) await EventAsync(job, output, cancellationToken).ConfigureAwait(false);
    }

    private async Task FailAsync(AzsException failure, string? target, CommandOutput output, CancellationToken cancellationToken)
    {
        await output.WriteErrorAsync(failure, target, cancellationToken).ConfigureAwait(false);
        if (LogEvent) await new SystemLog(output.Log).WriteAsync(SystemLog.Failed, $"{target}: {failure.Message} {failure.NextStep}", cancellationToken).ConfigureAwait(false);
    }

    private static Task EventAsync(AzsVmBackupJob job, CommandOutput output, CancellationToken cancellationToken) => new SystemLog(output.Log).WriteAsync(
        job.State switch
        {
            AzsVmBackupJobState.Completed => SystemLog.Completed,
            AzsVmBackupJobState.Missed => SystemLog.Missed,
            _ => SystemLog.Failed,
        },
        $"Policy '{job.Policy}'{(job.VmName is null ? "" : $", VM '{job.VmName}'")}: {job.State}. {job.Error}",
        cancellationToken);

    private IStack? FindStack(VmBackupPolicy policy)
    {
        var sessions = StackSessions.OfProcess;
        var candidates = Stack is null ? sessions.Connections : [Stack];
        var found = candidates.Select(connection => sessions.Resolve(connection)).FirstOrDefault(stack => stack.HostName.Equals(policy.Stack, StringComparison.OrdinalIgnoreCase));
        if (found is not null || Stack is not null) return found;
        throw new AzsException(
            AzsErrorKind.NotFound,
            "StackNotConnected",
            $"Policy '{policy.Name}' is for {policy.Stack}, which is not connected.",
            "Connect with Connect-AzsStack before, or leave the policy out with -Name or -Stack.",
            policy.Stack);
    }

    private static AzsException ForceNeedsName() => new(
        AzsErrorKind.InvalidInput, "ForceNeedsName", "-Force runs policies whether they are due or not.", "Say with -Name which; -Name * for all.");

    private static AzsException NotFound(string name) => new(
        AzsErrorKind.NotFound, "PolicyNotFound", $"There is no policy '{name}' in the vault.", "List its policies with Get-AzsVmBackupPolicy.", name);
}
