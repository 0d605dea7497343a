using AzsBackup.Azure.Transport;

namespace AzsBackup.Composition;

/// <summary>What all commands of the process share on the network.</summary>
internal static class NetworkLimits
{
    /// <summary>How many requests each service may be sent.</summary>
    public static RequestBudgets Budgets { get; } = new(TimeProvider.System, Random.Shared);
}
