using AzsBackup.Engine.Backup.Quiescing;

namespace AzsBackup.Engine.Proving;

/// <summary>How recovery points are booted.</summary>
public sealed record BootOptions
{
    /// <summary>
    /// The resource group everything is made in: one that is not there yet, or is empty. Null for one with a generated name; one
    /// that is made is deleted with all in it afterwards.
    /// </summary>
    public string? ResourceGroupName { get; init; }

    /// <summary>The VM's size; null for the one it had.</summary>
    public string? VmSize { get; init; }

    /// <summary>Tells by succeeding that the VM is up; tried again until then. Null to wait for the VM agent to report that it is ready.</summary>
    public IGuestScript? Until { get; init; }

    /// <summary>How long the VM may take to come up once it is made.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>How long to wait between two looks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long cleaning up may take once a run has been cancelled: half of it for what the restore made, half for the rest.</summary>
    public TimeSpan CancelledCleanUp { get; init; } = TimeSpan.FromSeconds(4);
}
