using System.Text.Json;

namespace AzsBackup.Engine.Jobs;

/// <summary>What the record of a policy's run says when it begins.</summary>
internal sealed record PolicyRunDetails
{
    public const string CurrentFormat = "azsbackup-policy-run/1";

    public string Format { get; init; } = CurrentFormat;

    public required string Policy { get; init; }

    public required string Stack { get; init; }

    /// <summary>Which share of the policy's VMs it is about; null for all.</summary>
    public string? Shard { get; init; }

    /// <summary>All times of the schedule up to this one were dealt with before (UTC).</summary>
    public required DateTime From { get; init; }

    /// <summary>With this run, all times of the schedule up to this one are dealt with (UTC).</summary>
    public required DateTime UpTo { get; init; }

    /// <summary>The time of the schedule it is for (UTC); null if a person wanted it at a time when nothing was due.</summary>
    public DateTime? Occurrence { get; init; }

    /// <summary>Which attempt at it this is, from 1: more than one where runs died.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>How many times of the schedule passed without a run, or had it too late.</summary>
    public int Missed { get; init; }

    public DateTime? FirstMissed { get; init; }

    public DateTime? LastMissed { get; init; }

    public static PolicyRunDetails? TryRead(JsonElement json) => JobJson.TryRead<PolicyRunDetails>(json, CurrentFormat);
}
