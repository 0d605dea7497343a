using System.Management.Automation;
using AzsBackup.Engine.Backup;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Lists the recovery points of a vault, by VM and time.</summary>
[Cmdlet(VerbsCommon.Get, "AzsVmBackup")]
[OutputType(typeof(AzsVmRecoveryPoint))]
public sealed class GetAzsVmBackupCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(Position = 0, HelpMessage = "Only points of VMs of these names; wildcards are allowed.")]
    [Alias("Name")]
    [SupportsWildcards]
    public string[] VmName { get; set; } = ["*"];

    [Parameter(HelpMessage = "Only the points of these ids.")]
    public string[] Id { get; set; } = [];

    [Parameter(HelpMessage = "Only the newest point of each VM.")]
    public SwitchParameter Latest { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var patterns = Array.ConvertAll(VmName, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        var points = new List<AzsVmRecoveryPoint>();
        var catalog = new VmPointCatalog(VaultSessions.Resolve(Vault), Vault, output.Log);
        await foreach (var point in catalog.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Array.Exists(patterns, pattern => pattern.IsMatch(point.VmName))) points.Add(point);
        }

        foreach (var missing in Id.Except(points.Select(point => point.Id), StringComparer.OrdinalIgnoreCase))
        {
            await output.WriteErrorAsync(NotInVault(missing), missing, cancellationToken).ConfigureAwait(false);
        }

        var chosen = points
            .Where(point => Id.Length == 0 || Id.Contains(point.Id, StringComparer.OrdinalIgnoreCase))
            .GroupBy(point => (point.Stack.ToUpperInvariant(), point.VmId.ToUpperInvariant()))
            .SelectMany(vm => Latest ? [vm.MaxBy(point => point.CreatedAt)!] : vm.AsEnumerable())
            .OrderBy(point => point.VmName, StringComparer.OrdinalIgnoreCase)
            .ThenBy(point => point.VmId, StringComparer.OrdinalIgnoreCase)
            .ThenBy(point => point.CreatedAt);
        foreach (var point in chosen) await output.WriteAsync(point, cancellationToken).ConfigureAwait(false);
    }

    private AzsException NotInVault(string id) => new(
        AzsErrorKind.NotFound,
        "PointNotFound",
        $"The vault {Vault.Path} holds no recovery point '{id}'.",
        "List what it holds with Get-AzsVmBackup -Vault.",
        id);
}
