using System.Management.Automation;
using AzsBackup.Engine.Jobs;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Lists the backups made into a vault and the runs of its policies, oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "AzsVmBackupJob")]
[OutputType(typeof(AzsVmBackupJob))]
public sealed class GetAzsVmBackupJobCommand : AsyncCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(HelpMessage = "Only jobs of policies of these names; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] Policy { get; set; } = [];

    [Parameter(Position = 0, HelpMessage = "Only jobs of VMs of these names; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] VmName { get; set; } = [];

    [Parameter(HelpMessage = "Only jobs in these states.")]
    public AzsVmBackupJobState[] State { get; set; } = [];

    [Parameter(HelpMessage = "Only jobs begun since this time; of the last 7 days if left out.")]
    public DateTime? Since { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var since = Since?.ToUniversalTime() ?? TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-7);
        foreach (var job in await new JobCatalog(VaultSessions.Resolve(Vault), output.Log).ListAsync(since, cancellationToken).ConfigureAwait(false))
        {
            if (Fits(Policy, job.Policy) && Fits(VmName, job.VmName) && (State.Length == 0 || State.Contains(job.State)))
            {
                await output.WriteAsync(job, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool Fits(string[] patterns, string? text) =>
        patterns.Length == 0 || (text is not null && Array.Exists(patterns, pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text)));
}
