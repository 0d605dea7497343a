using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>Remembers, outside this process, that a guest is quiet: should the process die, another one finds it.</summary>
public interface IGuestRecord
{
    /// <summary>Called before a guest is touched; when it returns, the record is durable.</summary>
    /// <exception cref="Model.AzsException">It could not be made: then the guest must not be touched.</exception>
    Task WriteAsync(VmDescription vm, CancellationToken cancellationToken);

    /// <summary>Called when the guest goes on. Fails silently.</summary>
    Task CloseAsync(VmDescription vm);
}
