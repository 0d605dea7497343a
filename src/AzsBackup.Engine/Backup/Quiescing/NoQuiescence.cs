using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>Leaves VMs alone: their disks are as after a power cut.</summary>
public sealed class NoQuiescence : IQuiescence
{
    /// <inheritdoc/>
    public AzsConsistency Level => AzsConsistency.Crash;

    /// <inheritdoc/>
    public TimeSpan Limit => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public Task FreezeAsync(VmDescription vm, IGuestRecord record, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ThawAsync(VmDescription vm, CancellationToken cancellationToken) => Task.CompletedTask;
}
