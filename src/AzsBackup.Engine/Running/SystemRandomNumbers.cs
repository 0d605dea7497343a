using System.Security.Cryptography;

namespace AzsBackup.Engine.Running;

/// <summary>Numbers from the system's generator.</summary>
public sealed class SystemRandomNumbers : IRandomNumbers
{
    /// <inheritdoc/>
    public int Below(int bound) => RandomNumberGenerator.GetInt32(bound);
}
