namespace AzsBackup.Engine.Disks;

/// <summary>How a run makes its snapshots.</summary>
public sealed record SnapshotOptions
{
    /// <summary>
    /// The resource group the snapshots are made in, created if missing: one of our own, because a lock on the VM's group
    /// would stop us from cleaning up.
    /// </summary>
    public string ResourceGroupName { get; init; } = "azsbackup-snapshots";

    /// <summary>Tags the snapshots get besides those that name the run and the VM.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a read grant is asked for; it is renewed when it ends before the transfer.</summary>
    public TimeSpan GrantDuration { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long cleaning up may take once a run has been cancelled.</summary>
    public TimeSpan CancelledCleanUp { get; init; } = TimeSpan.FromSeconds(4);
}
