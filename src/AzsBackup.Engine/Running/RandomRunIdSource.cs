using System.Security.Cryptography;

namespace AzsBackup.Engine.Running;

/// <summary>Run ids from the system's random number generator.</summary>
public sealed class RandomRunIdSource : IRunIdSource
{
    /// <inheritdoc/>
    public string Next() => Convert.ToHexString(RandomNumberGenerator.GetBytes(4)).ToLowerInvariant();
}
