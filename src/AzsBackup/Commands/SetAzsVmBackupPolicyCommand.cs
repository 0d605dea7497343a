using System.Management.Automation;
using AzsBackup.Engine.Policies;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Changes a backup policy: what is given takes the place of what it said.</summary>
[Cmdlet(VerbsCommon.Set, "AzsVmBackupPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AzsVmBackupPolicy))]
public sealed class SetAzsVmBackupPolicyCommand : PolicySettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "The policy's name.")]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The vault that keeps it.")]
    public AzsBackupVault Vault { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken) =>
        output.TryItemAsync(Name, cancelled => SetAsync(output, cancelled), cancellationToken);

    private async Task SetAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = VaultSessions.Resolve(Vault);
        var catalog = new PolicyCatalog(vault);
        var before = await catalog.FindAsync(Name, cancellationToken).ConfigureAwait(false);

        // Paths are resolved against the session's location, which only the pipeline thread may ask for.
        var changed = await output.AskAsync(_ => Apply(before.Policy, TimeProvider.System.GetUtcNow().UtcDateTime), cancellationToken).ConfigureAwait(false);
        changed.Validate();
        if (!await output.ShouldProcessAsync(before.Policy.Name, "Change the backup policy", cancellationToken).ConfigureAwait(false)) return;
        var stored = await catalog.ChangeAsync(before, changed, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(await new PolicyBoard(vault, Vault, TimeProvider.System).DescribeAsync(stored, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }
}
