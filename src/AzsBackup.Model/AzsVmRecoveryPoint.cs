namespace AzsBackup.Model;

/// <summary>One VM at one time in a vault: complete on its own, restored without any other point.</summary>
public sealed record AzsVmRecoveryPoint
{
    /// <summary>The point's id, unique in its vault.</summary>
    public required string Id { get; init; }

    /// <summary>The VM's name.</summary>
    public required string VmName { get; init; }

    /// <summary>The VM's ARM id.</summary>
    public required string VmId { get; init; }

    /// <summary>The VM's resource group.</summary>
    public required string ResourceGroupName { get; init; }

    /// <summary>The host name of the stack's Resource Manager endpoint the VM ran on.</summary>
    public required string Stack { get; init; }

    /// <summary>When its snapshots were made (UTC).</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>The consistency reached, which may be less than what was asked for only with a warning.</summary>
    public required AzsConsistency Consistency { get; init; }

    /// <summary>The time between the first and the last disk's snapshot.</summary>
    public required TimeSpan SnapshotSpread { get; init; }

    /// <summary>The disks: the OS disk first, then by LUN.</summary>
    public required IReadOnlyList<AzsRecoveryPointDisk> Disks { get; init; }

    /// <summary>The sum of the disks' sizes, in bytes.</summary>
    public long SizeBytes => Disks.Sum(disk => disk.SizeBytes);

    /// <summary>Bytes read from the stack.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Bytes this point added to the vault.</summary>
    public required long BytesStored { get; init; }

    /// <summary>Bytes that were not read again because an earlier run, which did not end, had read them.</summary>
    public long BytesResumed { get; init; }

    /// <summary>How long the backup took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>
    /// The ARM ids of what should be in its configuration and could not be read, although asked again and again; empty if nothing is
    /// missing, and for points of versions that did not record it. An id that ends in <c>/extensions</c> stands for all of the VM's.
    /// </summary>
    public IReadOnlyList<string> MissingConfiguration { get; init; } = [];

    /// <summary>Whether everything needed to rebuild the VM elsewhere was recorded. Its disks are whole in either case.</summary>
    public bool ConfigurationComplete => MissingConfiguration.Count == 0;

    /// <summary>Whether it stays, or waits for its removal.</summary>
    public AzsRecoveryPointState State => RemovalDueAt is null ? AzsRecoveryPointState.Available : AzsRecoveryPointState.PendingRemoval;

    /// <summary>From when on <c>Optimize-AzsBackupVault</c> removes it (UTC); null if it stays.</summary>
    public DateTime? RemovalDueAt { get; init; }

    /// <summary>Whether it is pinned: nobody can remove it until it is unpinned.</summary>
    public bool Pinned { get; init; }

    /// <summary>Before when nobody can remove it (UTC); null if it was never locked.</summary>
    public DateTime? LockedUntil { get; init; }

    /// <summary>When every chunk of it was last read back and found right (UTC); null if never.</summary>
    public DateTime? LastVerified { get; init; }

    /// <summary>When it last passed <c>Test-AzsVmBackup</c> (UTC): the certificate the vault keeps with it; null if never.</summary>
    public DateTime? LastProven { get; init; }

    /// <summary>How far it was tried out then; null if never.</summary>
    public AzsProofLevel? LastProofLevel { get; init; }

    /// <summary>The policy that made it, and whose retention holds for it; null if a person did.</summary>
    public string? Policy { get; init; }

    /// <summary>The vault it lies in.</summary>
    public required AzsBackupVault Vault { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{VmName} {CreatedAt:yyyy-MM-dd HH:mm:ss}Z";
}
