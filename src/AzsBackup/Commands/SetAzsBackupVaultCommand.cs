using System.Globalization;
using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Commands;

/// <summary>Sets how long a vault keeps every recovery point at least.</summary>
[Cmdlet(VerbsCommon.Set, "AzsBackupVault", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(TimeSpan))]
public sealed class SetAzsBackupVaultCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(Mandatory = true, HelpMessage = "Nobody can remove a point before it is so many days old. Can be made more, never less.")]
    [ValidateRange(0, 36500)]
    public double MinimumRetentionDays { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vault = Vault;
        return output.TryItemAsync(vault, async cancelled =>
        {
            var removal = new PointRemoval(VaultSessions.Resolve(vault));
            var action = string.Create(CultureInfo.InvariantCulture, $"Let nobody remove a recovery point before it is {MinimumRetentionDays} days old; this can't be taken back");
            if (!await output.ShouldProcessAsync(vault.Path, action, cancelled).ConfigureAwait(false)) return;
            var age = await removal.ExtendMinimumAgeAsync(TimeSpan.FromDays(MinimumRetentionDays), cancelled).ConfigureAwait(false);
            await output.WriteAsync(age, cancelled).ConfigureAwait(false);
        }, cancellationToken);
    }
}
