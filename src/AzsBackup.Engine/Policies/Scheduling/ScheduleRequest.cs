using AzsBackup.Model;

namespace AzsBackup.Engine.Policies.Scheduling;

/// <summary>What a scheduler shall be given. Paths are those of the machine, or the container, that runs it. No secret is in it.</summary>
public sealed record ScheduleRequest
{
    /// <summary>Whom it is for.</summary>
    public required AzsScheduleFormat Format { get; init; }

    /// <summary>What to call it: letters a–z, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>How often the script is started, in minutes: a part of an hour, or a number of hours that is a part of a day.</summary>
    public required int IntervalMinutes { get; init; }

    /// <summary>The script to start.</summary>
    public required string ScriptPath { get; init; }

    /// <summary>The script's text, if it is written with the schedule; null for one of the user's own.</summary>
    public string? Script { get; init; }

    /// <summary>Kubernetes: the container image, with PowerShell and this module.</summary>
    public string? Image { get; init; }

    /// <summary>Kubernetes: among how many workers the VMs are dealt out.</summary>
    public int ShardCount { get; init; } = 1;

    /// <summary>Kubernetes: where the vault's volume is mounted; null if the vault is a container of blobs.</summary>
    public string? VaultMount { get; init; }

    /// <summary>Checks it.</summary>
    /// <exception cref="AzsException"><c>ScheduleInvalid</c>.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Name.Length is 0 or > 52 || !Name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-') || Name[0] == '-' || Name[^1] == '-') faults.Add("Its name must have 1 to 52 letters a to z, digits and hyphens within.");
        if (IntervalMinutes < 1 || !((IntervalMinutes < 60 && 60 % IntervalMinutes == 0) || (IntervalMinutes % 60 == 0 && IntervalMinutes <= 1440 && 1440 % IntervalMinutes == 0))) faults.Add("The interval must be a part of an hour, such as 5, 15 or 30 minutes, or whole hours that are a part of a day.");
        if (ScriptPath.Any(char.IsControl)) faults.Add("The script's path has control characters.");
        if (Format == AzsScheduleFormat.TaskScheduler && ScriptPath.Contains('"', StringComparison.Ordinal)) faults.Add("The script's path has a quotation mark.");
        if (Format == AzsScheduleFormat.Kubernetes && string.IsNullOrWhiteSpace(Image)) faults.Add("Kubernetes needs an image.");
        if (ShardCount is < 1 or > 1000 || (ShardCount > 1 && Format != AzsScheduleFormat.Kubernetes)) faults.Add("Shares are 1 to 1000, and for Kubernetes; elsewhere give each machine its own with -Shard.");
        if (faults.Count > 0) throw new AzsException(AzsErrorKind.InvalidInput, "ScheduleInvalid", $"This can't be scheduled: {string.Join(' ', faults)}", "Mend what is said.", Name);
    }
}
