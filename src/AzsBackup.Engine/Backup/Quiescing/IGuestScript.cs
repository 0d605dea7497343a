using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>What the user wants done to a guest before or after its snapshots.</summary>
public interface IGuestScript
{
    /// <summary>Runs it and returns when it has ended.</summary>
    /// <exception cref="Model.AzsException">It failed.</exception>
    Task RunAsync(VmDescription vm, CancellationToken cancellationToken);
}
