using System.Management.Automation;
using AzsBackup.Engine.Policies;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Removes a backup policy. The recovery points it made stay.</summary>
[Cmdlet(VerbsCommon.Remove, "AzsVmBackupPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveAzsVmBackupPolicyCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "The policy's name.")]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The vault that keeps it.")]
    public AzsBackupVault Vault { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken) => output.TryItemAsync(
        Name,
        async cancelled =>
        {
            var catalog = new PolicyCatalog(VaultSessions.Resolve(Vault));
            var policy = await catalog.FindAsync(Name, cancelled).ConfigureAwait(false);
            if (!await output.ShouldProcessAsync(policy.Policy.Name, "Remove the backup policy; its recovery points stay", cancelled).ConfigureAwait(false)) return;
            await catalog.RemoveAsync(policy, cancelled).ConfigureAwait(false);
        },
        cancellationToken);
}
