using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Removes key slots of a vault.</summary>
[Cmdlet(VerbsCommon.Remove, "AzsBackupVaultKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveAzsBackupVaultKeyCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, HelpMessage = "The vault, from Get-AzsBackupVault, opened with another of its keys.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The id of the key slot to remove, from the vault's KeySlots.")]
    public string Id { get; set; } = "";

    [Parameter(HelpMessage = "Remove it even if it is the one the vault was opened with. Another key must be there; that somebody still has its secret is your word.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = VaultSessions.Resolve(Vault);
        var action = "Remove the key; whoever has opened the vault with it before may still know the vault's master key";
        if (!await output.ShouldProcessAsync($"{Id} of {Vault.Path}", action, cancellationToken).ConfigureAwait(false)) return;
        await output.TryItemAsync(Id, cancelled => vault.RemoveKeyAsync(Id, Force, cancelled), cancellationToken).ConfigureAwait(false);
    }
}
