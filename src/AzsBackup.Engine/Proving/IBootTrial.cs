using AzsBackup.Model;

namespace AzsBackup.Engine.Proving;

/// <summary>Boots recovery points.</summary>
public interface IBootTrial
{
    /// <summary>Restores a point where it can disturb nobody, waits until it is up, and removes it again.</summary>
    /// <returns>Whether it came up. That the attempt could not be made at all is a failure, not a result.</returns>
    /// <exception cref="AzsException">The VM could not be made: what stands in the way, or what the stack said.</exception>
    Task<BootResult> RunAsync(AzsVmRecoveryPoint point, CancellationToken cancellationToken);
}
