namespace AzsBackup.Model;

/// <summary>Which VMs are backed up when, and which of their recovery points stay. Kept in the vault.</summary>
public sealed record AzsVmBackupPolicy
{
    /// <summary>The policy's name, unique in its vault whatever its case.</summary>
    public required string Name { get; init; }

    /// <summary>The number of this version of it, from 0.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was made (UTC), by its maker's clock.</summary>
    public required DateTime ChangedAt { get; init; }

    /// <summary>Whether it is run.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The host name of the stack whose VMs it is for.</summary>
    public required string Stack { get; init; }

    /// <summary>The rules that select VMs: one that fits is enough.</summary>
    public required IReadOnlyList<string> Select { get; init; }

    /// <summary>The rules that leave VMs out, whatever selects them.</summary>
    public required IReadOnlyList<string> Exclude { get; init; }

    /// <summary>How often it runs.</summary>
    public required AzsScheduleFrequency Frequency { get; init; }

    /// <summary>Its schedule in words, the time zone included.</summary>
    public required string Schedule { get; init; }

    /// <summary>The time zone of its schedule and of its retention, as it was given.</summary>
    public required string TimeZone { get; init; }

    /// <summary>How many of the newest points of each VM stay.</summary>
    public required int KeepLast { get; init; }

    /// <summary>For how many hours a point stays.</summary>
    public required int KeepHourly { get; init; }

    /// <summary>For how many days a point stays.</summary>
    public required int KeepDaily { get; init; }

    /// <summary>For how many weeks a point stays.</summary>
    public required int KeepWeekly { get; init; }

    /// <summary>For how many months a point stays.</summary>
    public required int KeepMonthly { get; init; }

    /// <summary>For how many years a point stays.</summary>
    public required int KeepYearly { get; init; }

    /// <summary>For how many days a removal by retention can be undone.</summary>
    public required double RemovalDelayDays { get; init; }

    /// <summary>The consistency of the disks.</summary>
    public required AzsConsistency Consistency { get; init; }

    /// <summary>The script file that makes a guest quiet, on the machine that runs the policy; null if there is none.</summary>
    public string? PreSnapshotPath { get; init; }

    /// <summary>The script file that lets a guest go on; null if there is none.</summary>
    public string? PostSnapshotPath { get; init; }

    /// <summary>How many seconds a guest may stay quiet.</summary>
    public required int QuiesceLimit { get; init; }

    /// <summary>Whether the snapshots of all its VMs are made together.</summary>
    public required bool ConsistencyGroup { get; init; }

    /// <summary>The disks to back up; empty for all.</summary>
    public required IReadOnlyList<string> IncludeDisk { get; init; }

    /// <summary>The disks to leave out.</summary>
    public required IReadOnlyList<string> ExcludeDisk { get; init; }

    /// <summary>How many VMs are backed up at once.</summary>
    public required int ThrottleLimit { get; init; }

    /// <summary>How long after its time a run counts as missed.</summary>
    public required TimeSpan MissedAfter { get; init; }

    /// <summary>How it stands.</summary>
    public required AzsVmBackupPolicyState State { get; init; }

    /// <summary>When its newest run began (UTC); null if there was none.</summary>
    public DateTime? LastRun { get; init; }

    /// <summary>What became of its newest run; null if there was none.</summary>
    public AzsVmBackupJobState? LastRunState { get; init; }

    /// <summary>When it is due next (UTC), now or in the past if it is due already; null if it is switched off.</summary>
    public DateTime? NextRun { get; init; }

    /// <summary>What went wrong in its newest run, or what can't be read; null if nothing did.</summary>
    public string? LastError { get; init; }

    /// <summary>The vault it is kept in.</summary>
    public required AzsBackupVault Vault { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
