using System.Management.Automation;
using AzsBackup.Engine.Policies;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Makes a backup policy and keeps it in the vault.</summary>
[Cmdlet(VerbsCommon.New, "AzsVmBackupPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsVmBackupPolicy))]
public sealed class NewAzsVmBackupPolicyCommand : PolicySettingsCmdlet
{
    private VmBackupPolicy _policy = null!;

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "What to call the policy: unique in the vault whatever its case.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, HelpMessage = "The vault that keeps the policy and gets the recovery points, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(HelpMessage = "The stack the virtual machines run on: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(HelpMessage = "Replace a policy of this name, also one that can't be read.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        _policy = Apply(
            new VmBackupPolicy
            {
                Name = Name.Trim(),
                Stack = StackSessions.OfProcess.Resolve(Stack).HostName.ToLowerInvariant(),
                Select = [],
                Schedule = new PolicySchedule { Frequency = AzsScheduleFrequency.Daily, TimeZone = TimeZoneInfo.Local.Id },
                ScheduledFrom = now,
            },
            now);
        _policy.Validate();
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (!await output.ShouldProcessAsync(_policy.Name, $"Make a backup policy in {Vault.Path}", cancellationToken).ConfigureAwait(false)) return;
        var vault = VaultSessions.Resolve(Vault);
        var stored = await new PolicyCatalog(vault).AddAsync(_policy, Force, cancellationToken).ConfigureAwait(false);
        if (stored.Policy.Retention.IsEmpty()) output.Log.Warning($"Policy '{stored.Policy.Name}' says nothing of what to keep: every recovery point stays.");
        await output.WriteAsync(await new PolicyBoard(vault, Vault, TimeProvider.System).DescribeAsync(stored, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }
}
