using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Jobs;

/// <summary>What records of jobs are about: of one subject one job at a time is under way.</summary>
internal static class JobSubjects
{
    /// <summary>The backup of a VM.</summary>
    public static string Vm(string stackHost, ResourceId vm) => $"vm\n{stackHost.ToLowerInvariant()}\n{vm.ToString().ToLowerInvariant()}";

    /// <summary>The run of a policy, or of a share of it.</summary>
    /// <param name="policyKey">The policy's name whatever its case.</param>
    /// <param name="shard">The share; null for all.</param>
    public static string Policy(string policyKey, string? shard) => $"policy\n{policyKey}\n{shard}";
}
