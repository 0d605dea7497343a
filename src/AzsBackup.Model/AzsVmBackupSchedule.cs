namespace AzsBackup.Model;

/// <summary>Files for a scheduler that runs a vault's policies. None of them holds a secret.</summary>
public sealed record AzsVmBackupSchedule
{
    /// <summary>Whom they are for.</summary>
    public required AzsScheduleFormat Format { get; init; }

    /// <summary>The full paths of the files written.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The script that the scheduler starts, by its path there.</summary>
    public required string Script { get; init; }

    /// <summary>How often it is started, in minutes. What is due then is what the policies say.</summary>
    public required int IntervalMinutes { get; init; }

    /// <summary>The command that gives the files to the scheduler.</summary>
    public required string Install { get; init; }
}
