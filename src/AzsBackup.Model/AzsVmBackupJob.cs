namespace AzsBackup.Model;

/// <summary>The backup of one VM, or, where no VM is named, the run of a policy.</summary>
public sealed record AzsVmBackupJob
{
    /// <summary>The policy that asked for it; null for a backup that a person asked for.</summary>
    public string? Policy { get; init; }

    /// <summary>The VM's name; null for a run of a policy as a whole.</summary>
    public string? VmName { get; init; }

    /// <summary>The VM's ARM id; null for a run of a policy as a whole.</summary>
    public string? VmId { get; init; }

    /// <summary>The host name of the stack's Resource Manager endpoint.</summary>
    public string? Stack { get; init; }

    /// <summary>Which share of the policy's VMs it was about, for example <c>2/3</c>; null for all.</summary>
    public string? Shard { get; init; }

    /// <summary>When the schedule wanted it (UTC); null if a person did.</summary>
    public DateTime? ScheduledFor { get; init; }

    /// <summary>When it began (UTC), by the clock of the machine that did it; null if it never began.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>When it ended (UTC), by the clock of the machine that did it; null if nothing says that it did.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>What became of it.</summary>
    public required AzsVmBackupJobState State { get; init; }

    /// <summary>The stable name of the error; null if there was none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What went wrong, or what there is to say; null if there is nothing.</summary>
    public string? Error { get; init; }

    /// <summary>The recovery point made; null if none was.</summary>
    public string? RecoveryPointId { get; init; }

    /// <summary>Bytes read from the stack.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes added to the vault.</summary>
    public long BytesStored { get; init; }

    /// <summary>How long it took; null if nothing says when it ended.</summary>
    public TimeSpan? Duration => EndedAt - StartedAt;
}
