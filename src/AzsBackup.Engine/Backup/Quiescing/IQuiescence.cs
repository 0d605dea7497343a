using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>Keeps VMs from writing while their snapshots are made. Safe for several VMs at once.</summary>
public interface IQuiescence
{
    /// <summary>What the disks are consistent with if their snapshots are made between freezing and thawing.</summary>
    AzsConsistency Level { get; }

    /// <summary>The longest time a VM may stay frozen; infinite if it bears any.</summary>
    TimeSpan Limit { get; }

    /// <summary>Makes a VM quiet and returns when it is.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="record">Told before the guest is touched; a guest that need not be touched is none of its business.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AzsException">It could not be made quiet.</exception>
    Task FreezeAsync(VmDescription vm, IGuestRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Lets the VM go on. Called once for each VM whose freezing was begun, also if that failed or was cancelled.
    /// </summary>
    /// <param name="vm">The VM.</param>
    /// <param name="cancellationToken">Cancelled when there is no more time to wait: then what can be done without waiting is done.</param>
    /// <exception cref="AzsException">It may still be quiet; the message says what to do.</exception>
    Task ThawAsync(VmDescription vm, CancellationToken cancellationToken);
}
