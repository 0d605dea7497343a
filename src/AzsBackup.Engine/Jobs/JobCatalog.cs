using AzsBackup.Engine.Running;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Jobs;

namespace AzsBackup.Engine.Jobs;

/// <summary>The backups that were made into a vault, and the runs of its policies.</summary>
/// <param name="vault">The vault.</param>
/// <param name="log">Told of records that can't be read.</param>
public sealed class JobCatalog(BackupVault vault, IRunLog log)
{
    /// <summary>The jobs begun since a time, oldest first; a run of a policy stands before its VMs.</summary>
    /// <param name="since">The time (UTC), by the clock of the vault's storage.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async Task<IReadOnlyList<AzsVmBackupJob>> ListAsync(DateTime since, CancellationToken cancellationToken)
    {
        var jobs = new List<(DateTime At, AzsVmBackupJob Job)>();
        foreach (var record in await new VaultJobs(vault).ListAsync(since, cancellationToken).ConfigureAwait(false))
        {
            if (record.Damage is { } why) log.Warning($"The record of a job can't be read: {why}");
            else jobs.AddRange(JobView.Of(record).Select(job => (record.BegunAt, job)));
        }

        return [.. jobs.OrderBy(job => job.At).ThenBy(job => job.Job.VmName is not null).ThenBy(job => job.Job.VmName, StringComparer.OrdinalIgnoreCase).Select(job => job.Job)];
    }
}
