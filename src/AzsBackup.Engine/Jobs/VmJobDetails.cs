using System.Text.Json;

namespace AzsBackup.Engine.Jobs;

/// <summary>What the record of a VM's backup says when it begins.</summary>
internal sealed record VmJobDetails
{
    public const string CurrentFormat = "azsbackup-vm-job/1";

    public string Format { get; init; } = CurrentFormat;

    public required string VmName { get; init; }

    public required string VmId { get; init; }

    public required string Stack { get; init; }

    /// <summary>The policy that asked for it; null if a person did.</summary>
    public string? Policy { get; init; }

    /// <summary>Which share of the policy's VMs the run was about; null for all.</summary>
    public string? Shard { get; init; }

    /// <summary>The time of the schedule it is for (UTC).</summary>
    public DateTime? Occurrence { get; init; }

    public static VmJobDetails? TryRead(JsonElement json) => JobJson.TryRead<VmJobDetails>(json, CurrentFormat);
}
