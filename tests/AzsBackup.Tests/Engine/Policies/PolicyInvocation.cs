using AzsBackup.Model;

namespace AzsBackup.Tests.Engine.Policies;

/// <summary>What an invocation of a policy gave.</summary>
internal sealed record PolicyInvocation(AzsVmBackupJob? Run, IReadOnlyList<AzsVmBackupJob> Jobs, IReadOnlyList<AzsException> Failures)
{
    /// <summary>The VMs and what became of them.</summary>
    public IEnumerable<(string Vm, AzsVmBackupJobState State)> Vms => Jobs.Where(job => job.VmName is not null).Select(job => (job.VmName!, job.State)).Order();
}
