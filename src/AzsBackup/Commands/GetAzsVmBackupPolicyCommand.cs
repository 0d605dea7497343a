using System.Management.Automation;
using AzsBackup.Engine.Policies;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Lists the backup policies of a vault and how they stand.</summary>
[Cmdlet(VerbsCommon.Get, "AzsVmBackupPolicy")]
[OutputType(typeof(AzsVmBackupPolicy))]
public sealed class GetAzsVmBackupPolicyCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(Position = 0, HelpMessage = "Only policies of these names; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = VaultSessions.Resolve(Vault);
        var patterns = Array.ConvertAll(Name, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        var listing = await new PolicyCatalog(vault).ListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var damage in listing.Damaged) await output.WriteErrorAsync(damage, damage.Target, cancellationToken).ConfigureAwait(false);
        foreach (var missing in Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)
            && !listing.Policies.Any(policy => policy.Policy.Key == VmBackupPolicy.KeyOf(name))))
        {
            await output.WriteErrorAsync(NotFound(missing), missing, cancellationToken).ConfigureAwait(false);
        }

        var board = new PolicyBoard(vault, Vault, TimeProvider.System);
        foreach (var policy in listing.Policies.Where(policy => Array.Exists(patterns, pattern => pattern.IsMatch(policy.Policy.Name))))
        {
            await output.WriteAsync(await board.DescribeAsync(policy, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
    }

    private AzsException NotFound(string name) => new(
        AzsErrorKind.NotFound, "PolicyNotFound", $"There is no policy '{name}' in the vault {Vault.Path}.", "List its policies with Get-AzsVmBackupPolicy -Vault.", name);
}
